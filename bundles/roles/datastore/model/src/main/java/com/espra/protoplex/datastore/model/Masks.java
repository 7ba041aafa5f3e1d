package com.espra.protoplex.datastore.model;

import com.google.datastore.v1.Entity;
import com.google.datastore.v1.PropertyMask;
import com.google.datastore.v1.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parts of entities: paths of names with dots between, where {@code __key__} is the key and nothing else. */
final class Masks {

    private static final String KEY = "__key__";

    private Masks() {}

    /** What was there, with what the mask names as it is in the mutation: gone, if it is not there. */
    static Entity merged(@Nullable Entity current, Entity given, PropertyMask mask) {
        Entity.Builder merged = Entity.newBuilder().setKey(given.getKey());
        if (current != null) {
            merged.putAllProperties(current.getPropertiesMap());
        }
        for (String path : mask.getPathsList()) {
            if (!path.equals(KEY)) {
                copy(given, merged, path);
            }
        }
        return merged.build();
    }

    /** Only what the mask names. */
    static Entity masked(Entity entity, PropertyMask mask) {
        Entity.Builder part = Entity.newBuilder().setKey(entity.getKey());
        for (String path : mask.getPathsList()) {
            if (!path.equals(KEY) && value(entity, path) != null) {
                copy(entity, part, path);
            }
        }
        return part.build();
    }

    private static @Nullable Value value(Entity entity, String path) {
        Map<String, Value> properties = entity.getPropertiesMap();
        int dot = path.indexOf('.');
        if (dot < 0 || properties.containsKey(path)) {
            return properties.get(path);
        }
        Value outer = properties.get(path.substring(0, dot));
        return outer == null || !outer.hasEntityValue() ? null : value(outer.getEntityValue(), path.substring(dot + 1));
    }

    private static void copy(Entity from, Entity.Builder to, String path) {
        if (path.isEmpty()) {
            throw RefusedException.invalid("a property mask has an empty path");
        }
        int dot = path.indexOf('.');
        if (dot < 0
                || from.getPropertiesMap().containsKey(path)
                || to.getPropertiesMap().containsKey(path)) {
            Value value = from.getPropertiesMap().get(path);
            if (value == null) {
                to.removeProperties(path);
            } else {
                to.putProperties(path, value);
            }
            return;
        }
        String head = path.substring(0, dot);
        Value source = from.getPropertiesMap().get(head);
        Value target = to.getPropertiesMap().get(head);
        if ((source == null || !source.hasEntityValue()) && (target == null || !target.hasEntityValue())) {
            return;
        }
        Entity inner = source == null ? Entity.getDefaultInstance() : source.getEntityValue();
        Value.Builder outer = target != null && target.hasEntityValue()
                ? target.toBuilder()
                // A new one is excluded from indexes as the one that it comes from.
                : Value.newBuilder()
                        .setExcludeFromIndexes(source != null && source.getExcludeFromIndexes())
                        .setEntityValue(Entity.getDefaultInstance());
        copy(inner, outer.getEntityValueBuilder(), path.substring(dot + 1));
        to.putProperties(head, outer.build());
    }
}
