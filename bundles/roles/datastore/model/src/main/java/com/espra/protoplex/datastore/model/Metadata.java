package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.espra.protoplex.datastore.engine.Scan;
import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Value;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What there is, as entities of kinds that nobody writes: {@code __namespace__}, {@code __kind__} and {@code __property__}. They are read from
 * the indexes, with one seek for each, and are always as the entities are. https://cloud.google.com/datastore/docs/concepts/metadataqueries
 */
final class Metadata {

    static final String REPRESENTATION = "property_representation";
    static final String PROPERTY = "__property__";

    private static final String NAMESPACE = "__namespace__";
    private static final String KIND = "__kind__";
    private static final Set<String> KINDS = Set.of(NAMESPACE, KIND, PROPERTY);
    /** The key of the default namespace has an id, for a name is not empty. */
    private static final int DEFAULT_NAMESPACE = 1;

    private static final byte[] NOTHING = {};

    private final View view;
    private final PartitionId partition;
    private final Validation validation;
    private final byte[] from;

    /** @param from a path that nothing before it is asked for */
    Metadata(View view, PartitionId partition, Validation validation, byte[] from) {
        this.view = view;
        this.partition = partition;
        this.validation = validation;
        this.from = from;
    }

    static boolean isKind(String kind) {
        return KINDS.contains(kind);
    }

    /** All of a kind, in the order of their keys, until the sink has enough. */
    void all(String kind, Predicate<Entity> sink) {
        switch (kind) {
            case NAMESPACE ->
                names(
                        Layout.namespaces(partition),
                        Layout.named(NOTHING, NAMESPACE),
                        name -> !validation.mayName(name) || sink.test(ofNamespace(name)));
            case KIND ->
                names(Layout.kinds(bytes()), Layout.named(NOTHING, KIND), name -> sink.test(of(kindKey(name))));
            default -> names(Layout.indexes(bytes()), Layout.named(NOTHING, KIND), name -> properties(name, sink));
        }
    }

    private byte[] bytes() {
        return Layout.partition(partition);
    }

    private boolean properties(String kind, Predicate<Entity> sink) {
        boolean[] more = {true};
        byte[] parent = Layout.pathPrefix(kindKey(kind).build());
        names(Layout.indexes(bytes(), kind), Layout.named(parent, PROPERTY), name -> {
            Value types = Value.newBuilder()
                    .setArrayValue(representations(Layout.index(bytes(), kind, name)))
                    .build();
            more[0] = sink.test(of(kindKey(kind).addPath(element(PROPERTY).setName(name))).toBuilder()
                    .putProperties(REPRESENTATION, types)
                    .build());
            return more[0];
        });
        return more[0];
    }

    private Entity ofNamespace(String name) {
        Key.PathElement.Builder element = element(NAMESPACE);
        return of(Key.newBuilder()
                .setPartitionId(partition)
                .addPath(name.isEmpty() ? element.setId(DEFAULT_NAMESPACE) : element.setName(name)));
    }

    private Key.Builder kindKey(String name) {
        return Key.newBuilder().setPartitionId(partition).addPath(element(KIND).setName(name));
    }

    private static Key.PathElement.Builder element(String kind) {
        return Key.PathElement.newBuilder().setKind(kind);
    }

    private static Entity of(Key.Builder key) {
        return Entity.newBuilder().setKey(key).build();
    }

    /**
     * The names that follow a prefix, each once, until the sink has enough.
     *
     * @param paths what the paths begin with whose names these are
     */
    private void names(byte[] prefix, byte[] paths, Predicate<String> sink) {
        byte[] end = Bytes.afterPrefix(prefix);
        view.note(prefix, end);
        // Names are written in rows as in paths. Of the name that a path is within there may be more.
        byte[] first = Bytes.startsWith(from, paths)
                ? Bytes.join(prefix, Layout.firstText(Arrays.copyOfRange(from, paths.length, from.length)))
                : prefix;
        try (Scan scan = view.scan(first, end)) {
            for (Scan.Row row = scan.next(); row != null; row = scan.next()) {
                view.check();
                ByteBuffer in = ByteBuffer.wrap(row.key()).position(prefix.length);
                if (!sink.test(Layout.text(in))) {
                    return;
                }
                scan.seek(Bytes.afterPrefix(Arrays.copyOf(row.key(), in.position())));
            }
        }
    }

    private ArrayValue representations(byte[] index) {
        ArrayValue.Builder all = ArrayValue.newBuilder();
        String last = "";
        try (Scan scan = view.scan(index, Bytes.afterPrefix(index))) {
            for (Scan.Row row = scan.next(); row != null; row = scan.next()) {
                view.check();
                String type = Values.representation(row.key()[index.length]);
                if (!type.equals(last)) {
                    all.addValuesBuilder().setStringValue(type);
                }
                last = type;
                scan.seek(Bytes.afterPrefix(Arrays.copyOf(row.key(), index.length + 1)));
            }
        }
        return all.build();
    }
}
