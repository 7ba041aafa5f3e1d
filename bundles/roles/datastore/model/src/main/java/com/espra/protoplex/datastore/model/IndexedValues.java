package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What indexes have of an entity: for each property, those within embedded entities included, its values in their order. */
final class IndexedValues {

    private static final NavigableMap<byte[], Value> NONE = Collections.emptyNavigableMap();

    private final Map<String, NavigableMap<byte[], Value>> values = new TreeMap<>();

    private IndexedValues() {}

    static IndexedValues of(Entity entity) {
        IndexedValues indexed = new IndexedValues();
        entity.getPropertiesMap().forEach(indexed::add);
        return indexed;
    }

    private void add(String name, Value value) {
        if (value.getExcludeFromIndexes()) {
            return;
        }
        switch (value.getValueTypeCase()) {
            case ARRAY_VALUE -> value.getArrayValue().getValuesList().forEach(each -> add(name, each));
            case ENTITY_VALUE ->
                value.getEntityValue().getPropertiesMap().forEach((sub, each) -> add(name + '.' + sub, each));
            default ->
                values.computeIfAbsent(name, _ -> new TreeMap<>(Arrays::compareUnsigned))
                        .put(Values.encode(value), value);
        }
    }

    /** The values of one property, as they are ordered, and as they are; none if it has none, or is not indexed. */
    NavigableMap<byte[], Value> of(String property) {
        return values.getOrDefault(property, NONE);
    }

    /** The index rows of an entity, its kind's included. */
    static SortedSet<byte[]> rows(byte[] partition, String kind, byte[] path, Entity entity) {
        return rows(partition, kind, path, of(entity));
    }

    /**
     * Those of composite indexes as well.
     *
     * @param strict whether one with too many is refused; else it has none
     */
    static SortedSet<byte[]> rows(Key key, Entity entity, List<CompositeIndex> composites, boolean strict) {
        byte[] path = Layout.path(key);
        String kind = key.getPath(key.getPathCount() - 1).getKind();
        IndexedValues indexed = of(entity);
        SortedSet<byte[]> rows = rows(Layout.partition(key.getPartitionId()), kind, path, indexed);
        long bytes = 0;
        for (CompositeIndex index : composites) {
            if (index.kind().equals(kind)) {
                List<byte[]> more = new ArrayList<>();
                try {
                    index.addRows(key, path, indexed, more);
                } catch (RefusedException e) {
                    if (strict) {
                        throw e;
                    }
                    continue;
                }
                bytes += more.stream().mapToLong(row -> row.length).sum();
                rows.addAll(more);
            }
        }
        if (strict && bytes > CompositeIndex.MOST_BYTES) {
            throw RefusedException.invalid("the entries of the entity in composite indexes take more than "
                    + CompositeIndex.MOST_BYTES + " bytes: " + Commits.shown(key));
        }
        return rows;
    }

    private static SortedSet<byte[]> rows(byte[] partition, String kind, byte[] path, IndexedValues indexed) {
        SortedSet<byte[]> rows = new TreeSet<>(Arrays::compareUnsigned);
        rows.add(Bytes.join(Layout.kind(partition, kind), path));
        int bytes = 0;
        for (Map.Entry<String, NavigableMap<byte[], Value>> property : indexed.values.entrySet()) {
            byte[] index = Layout.index(partition, kind, property.getKey());
            for (byte[] value : property.getValue().keySet()) {
                bytes += index.length + value.length + path.length;
                if (bytes > Quotas.INDEX) {
                    throw RefusedException.invalid("the index entries of the entity take more than " + Quotas.INDEX
                            + " bytes: exclude some properties from indexes");
                }
                rows.add(Bytes.join(index, value, path));
            }
        }
        return rows;
    }
}
