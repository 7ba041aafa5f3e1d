package com.espra.protoplex.datastore.model;

import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Key.PathElement;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Value;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Refuses what Google's service refuses, and brings what it takes into one form. */
final class Validation {

    private static final Pattern RESERVED = Pattern.compile("__.*__", Pattern.DOTALL);
    private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9.:-]{0,99}");
    private static final Pattern DATABASE = Pattern.compile("([a-z][a-z0-9-]{2,61}[a-z0-9])?");
    private static final Pattern NAMESPACE = Pattern.compile("[0-9A-Za-z._-]{0,100}");
    private static final long FIRST_SECOND = -62_135_596_800L;
    private static final long LAST_SECOND = 253_402_300_799L;
    private static final int NANOS = 1_000_000_000;

    private final String project;
    private final String database;
    private final @Nullable String onlyNamespace;

    /** For requests to this project and database. */
    Validation(String project, String database) {
        this(project, database, null);
    }

    /** @param onlyNamespace the only one that may be named; null for any */
    Validation(String project, String database, @Nullable String onlyNamespace) {
        if (!PROJECT.matcher(project).matches()) {
            throw RefusedException.invalid("\"" + shown(project) + "\" is not the id of a project");
        }
        if (!DATABASE.matcher(database).matches()) {
            throw RefusedException.invalid("\"" + shown(database) + "\" is not the id of a database");
        }
        this.project = project;
        this.database = database;
        this.onlyNamespace = onlyNamespace;
    }

    String project() {
        return project;
    }

    String database() {
        return database;
    }

    PartitionId partition(PartitionId partition) {
        if (!partition.getProjectId().isEmpty() && !partition.getProjectId().equals(project)) {
            throw RefusedException.invalid(
                    "mismatched projects within request: " + project + " vs. " + shown(partition.getProjectId()));
        }
        if (!partition.getDatabaseId().isEmpty() && !partition.getDatabaseId().equals(database)) {
            throw RefusedException.invalid("mismatched databases within request: \"" + database + "\" vs. \""
                    + shown(partition.getDatabaseId()) + "\"");
        }
        if (!mayName(partition.getNamespaceId())) {
            throw new RefusedException(
                    Code.PERMISSION_DENIED,
                    "this token is for the namespace \"" + onlyNamespace + "\" alone, and not for \""
                            + shown(partition.getNamespaceId()) + "\"");
        }
        return sound(partition.toBuilder()
                .setProjectId(project)
                .setDatabaseId(database)
                .build());
    }

    private static PartitionId sound(PartitionId partition) {
        String namespace = partition.getNamespaceId();
        if (!NAMESPACE.matcher(namespace).matches()
                || RESERVED.matcher(namespace).matches()) {
            throw RefusedException.invalid("the namespace \"" + shown(namespace)
                    + "\" is not valid: at most 100 of letters, digits, '.', '_' and '-'");
        }
        return partition;
    }

    /** Whether a namespace may be seen. */
    boolean mayName(String namespace) {
        return onlyNamespace == null || onlyNamespace.equals(namespace);
    }

    /** A key in a filter of metadata. */
    Key metadataKey(Key key) {
        Key whole =
                key.toBuilder().setPartitionId(partition(key.getPartitionId())).build();
        path(whole, false, true);
        return whole;
    }

    /** A key of an entity. */
    Key key(Key key, boolean mayBeIncomplete) {
        Key whole =
                key.toBuilder().setPartitionId(partition(key.getPartitionId())).build();
        path(whole, mayBeIncomplete, false);
        return whole;
    }

    static boolean isComplete(Key key) {
        return key.getPathCount() > 0
                && key.getPath(key.getPathCount() - 1).getIdTypeCase() != PathElement.IdTypeCase.IDTYPE_NOT_SET;
    }

    private static void path(Key key, boolean mayBeIncomplete, boolean mayBeReserved) {
        int count = key.getPathCount();
        if (count == 0) {
            throw RefusedException.invalid("a key path must have at least one element");
        }
        if (count > Quotas.PATH_ELEMENTS) {
            throw RefusedException.invalid(
                    "a key path has " + count + " elements, and may have " + Quotas.PATH_ELEMENTS);
        }
        if (key.getSerializedSize() > Quotas.KEY) {
            throw RefusedException.invalid("a key is longer than " + Quotas.KEY + " bytes");
        }
        for (int i = 0; i < count; i++) {
            PathElement element = key.getPath(i);
            name("kind", element.getKind(), mayBeReserved);
            switch (element.getIdTypeCase()) {
                case ID -> {
                    if (element.getId() == 0) {
                        throw RefusedException.invalid("the id of a key must not be 0");
                    }
                }
                case NAME -> name("key name", element.getName(), mayBeReserved);
                case IDTYPE_NOT_SET -> {
                    if (i < count - 1 || !mayBeIncomplete) {
                        throw RefusedException.invalid("a key path is incomplete: the element of the kind \""
                                + shown(element.getKind()) + "\" has neither id nor name");
                    }
                }
            }
        }
    }

    static boolean isReserved(String name) {
        return RESERVED.matcher(name).matches();
    }

    static void name(String what, String name, boolean mayBeReserved) {
        if (name.isEmpty()) {
            throw RefusedException.invalid("the " + what + " is the empty string");
        }
        if (length(name) > Quotas.NAME) {
            throw RefusedException.invalid("the " + what + " is longer than " + Quotas.NAME + " bytes");
        }
        if (!mayBeReserved && RESERVED.matcher(name).matches()) {
            throw RefusedException.invalid("the " + what + " \"" + shown(name) + "\" is reserved");
        }
    }

    private static int length(String text) {
        return text.length() * 3 <= Quotas.INDEXED_VALUE ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** An entity to be stored: sound, and times as exact as they are kept. */
    Entity entity(Entity entity, Key key) {
        Entity.Builder sound = Entity.newBuilder().setKey(key);
        entity.getPropertiesMap().forEach((name, value) -> {
            name("property name", name, false);
            sound.putProperties(name, value(name, value, true, false, 1));
        });
        Entity built = sound.build();
        requireSize(built);
        return built;
    }

    static void requireSize(Entity entity) {
        if (entity.getSerializedSize() > Quotas.ENTITY) {
            throw RefusedException.invalid("the entity is too big: " + entity.getSerializedSize() + " bytes, and "
                    + Quotas.ENTITY + " are allowed");
        }
    }

    /** A value of a filter or cursor. */
    Value operand(String property, Value value) {
        return value(property, value, true, false, 1);
    }

    private Value value(String property, Value value, boolean indexed, boolean inArray, int depth) {
        boolean isIndexed = indexed && !value.getExcludeFromIndexes();
        switch (value.getValueTypeCase()) {
            case STRING_VALUE -> size(property, value.getStringValueBytes().size(), isIndexed);
            case BLOB_VALUE -> size(property, value.getBlobValue().size(), isIndexed);
            case TIMESTAMP_VALUE -> {
                Timestamp time = value.getTimestampValue();
                if (time.getSeconds() < FIRST_SECOND
                        || time.getSeconds() > LAST_SECOND
                        || time.getNanos() < 0
                        || time.getNanos() >= NANOS) {
                    throw RefusedException.invalid("the timestamp of the property \"" + shown(property)
                            + "\" is not within the years 1 to 9999");
                }
                return value.toBuilder()
                        .setTimestampValue(Values.timestamp(Values.micros(time)))
                        .build();
            }
            case GEO_POINT_VALUE -> {
                double latitude = value.getGeoPointValue().getLatitude();
                double longitude = value.getGeoPointValue().getLongitude();
                if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
                    throw RefusedException.invalid(
                            "the point of the property \"" + shown(property) + "\" is not on the earth");
                }
            }
            case KEY_VALUE -> {
                PartitionId partition = value.getKeyValue().getPartitionId();
                Key key = value.getKeyValue().toBuilder()
                        .setPartitionId(partition.getProjectId().isEmpty() ? partition(partition) : sound(partition))
                        .build();
                path(key, false, true);
                return value.toBuilder().setKeyValue(key).build();
            }
            case ARRAY_VALUE -> {
                if (inArray) {
                    throw RefusedException.invalid(
                            "the property \"" + shown(property) + "\" has an array within an array");
                }
                if (value.getExcludeFromIndexes()) {
                    throw RefusedException.invalid("exclude_from_indexes cannot be set on the array of the property \""
                            + shown(property) + "\": set it on its values");
                }
                Value.Builder sound = value.toBuilder();
                for (int i = 0; i < value.getArrayValue().getValuesCount(); i++) {
                    sound.getArrayValueBuilder()
                            .setValues(i, value(property, value.getArrayValue().getValues(i), isIndexed, true, depth));
                }
                return sound.build();
            }
            case ENTITY_VALUE -> {
                return embedded(property, value, isIndexed, depth);
            }
            case VALUETYPE_NOT_SET ->
                throw RefusedException.invalid("the property \"" + shown(property) + "\" has a value without a type");
            case NULL_VALUE, BOOLEAN_VALUE, INTEGER_VALUE, DOUBLE_VALUE -> {
                // Any is sound.
            }
        }
        return value;
    }

    private Value embedded(String property, Value value, boolean indexed, int depth) {
        if (depth > Quotas.NESTING) {
            throw RefusedException.invalid(
                    "the property \"" + shown(property) + "\" is nested more than " + Quotas.NESTING + " levels deep");
        }
        Value.Builder sound = value.toBuilder();
        for (Map.Entry<String, Value> each :
                value.getEntityValue().getPropertiesMap().entrySet()) {
            name("property name", each.getKey(), false);
            name("path of a property", property + '.' + each.getKey(), true);
            sound.getEntityValueBuilder()
                    .putProperties(
                            each.getKey(),
                            value(property + '.' + each.getKey(), each.getValue(), indexed, false, depth + 1));
        }
        return sound.build();
    }

    private static void size(String property, int bytes, boolean indexed) {
        int most = indexed ? Quotas.INDEXED_VALUE : Quotas.UNINDEXED_VALUE;
        if (bytes > most) {
            throw RefusedException.invalid("the value of property \"" + shown(property) + "\" is longer than " + most
                    + " bytes" + (indexed ? ": exclude it from indexes" : ""));
        }
    }

    /** A name of somebody else's in a message. */
    static String shown(String name) {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 100 ? clean : clean.substring(0, 100) + "...";
    }
}
