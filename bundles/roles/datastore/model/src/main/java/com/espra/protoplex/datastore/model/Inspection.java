package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.espra.protoplex.datastore.engine.Scan;
import com.espra.protoplex.datastore.engine.Scan.Row;
import com.espra.protoplex.datastore.engine.Store;
import com.espra.protoplex.datastore.engine.StoreException;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Looks at all that is there, for operators: what there is of which kind, and whether indexes and entities are of one mind. It reads one
 * version, and everything else goes on.
 */
public final class Inspection {

    private static final int MOST_FAULTS = 100;
    private static final int MOST_KINDS = 1_000;
    private static final String OTHERS = "(others)";

    private final Store store;
    private final Indexes indexes;

    /** Of a store that is open. */
    public Inspection(Store store, Indexes indexes) {
        this.store = store;
        this.indexes = indexes;
    }

    /** What is counted of a kind in a namespace of a database of a project. */
    public record Count(String project, String database, String namespace, String kind, long entities, long bytes) {}

    private record Place(String project, String database, String namespace, String kind) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int by = project.compareTo(other.project);
            by = by != 0 ? by : database.compareTo(other.database);
            by = by != 0 ? by : namespace.compareTo(other.namespace);
            return by != 0 ? by : kind.compareTo(other.kind);
        }
    }

    /**
     * Counts entities and what they take, without their indexes. It reads all of them.
     *
     * @param stop is asked after each; what was counted until then is returned
     */
    public List<Count> counts(BooleanSupplier stop) {
        TreeMap<Place, long[]> counts = new TreeMap<>();
        try (Scan all = store.scan(Layout.allEntities(), Layout.afterEntities(), store.version())) {
            for (Row row = all.next(); row != null && !stop.getAsBoolean(); row = all.next()) {
                Key key = Stored.of(row.value()).entity().getKey();
                PartitionId partition = key.getPartitionId();
                Place place = new Place(
                        partition.getProjectId(),
                        partition.getDatabaseId(),
                        partition.getNamespaceId(),
                        key.getPath(key.getPathCount() - 1).getKind());
                if (counts.size() >= MOST_KINDS && !counts.containsKey(place)) {
                    place = new Place(OTHERS, "", "", "");
                }
                long[] count = counts.computeIfAbsent(place, _ -> new long[2]);
                count[0]++;
                count[1] += row.value().length;
            }
        }
        List<Count> result = new ArrayList<>();
        counts.forEach((place, count) ->
                result.add(new Count(place.project, place.database, place.namespace, place.kind, count[0], count[1])));
        return result;
    }

    /**
     * What was found.
     *
     * @param entities how many were read
     * @param rows how many of their index rows were looked for
     * @param faults what is not as it should be, the first 100; empty: nothing
     */
    public record Findings(long entities, long rows, List<String> faults) {}

    /** Reads all files by their checksums, then all entities, and looks whether each has its index rows and each index row its entity. */
    public Findings check() {
        List<String> faults = new ArrayList<>();
        try {
            store.verify();
        } catch (StoreException e) {
            requireOpen(e);
            faults.add(String.valueOf(e.getMessage()));
            return new Findings(0, 0, faults);
        }
        long version = store.version();
        long entities = 0;
        long rows = 0;
        try (Scan all = store.scan(Layout.allEntities(), Layout.afterEntities(), version)) {
            for (Row row = all.next(); row != null && faults.size() < MOST_FAULTS; row = all.next()) {
                entities++;
                rows += check(row, version, faults);
            }
        } catch (StoreException e) {
            requireOpen(e);
            faults.add(String.valueOf(e.getMessage()));
            return new Findings(entities, rows, faults);
        }
        long there = count(Layout.allKinds(), Layout.afterKinds(), version)
                + count(Layout.allIndexes(), Layout.afterIndexes(), version)
                + countReady(version);
        if (there > rows && faults.isEmpty()) {
            faults.add((there - rows) + " index rows lead to no entity");
        }
        return new Findings(entities, rows, faults);
    }

    /** A store that is closed meanwhile is not damaged. */
    private static void requireOpen(StoreException e) {
        if (e.reason() == StoreException.Reason.BUSY) {
            throw e;
        }
    }

    private List<CompositeIndex> ready(PartitionId partition, long version) {
        return indexes.at(version, Layout.definitions(partition.getProjectId(), partition.getDatabaseId())).stream()
                .filter(each -> each.state() == CompositeIndex.State.READY)
                .toList();
    }

    /** Of those that are being built or removed nobody knows how many there should be. */
    private long countReady(long version) {
        long count = 0;
        for (byte[] database : indexes.databases()) {
            for (CompositeIndex index : indexes.at(version, database)) {
                if (index.state() == CompositeIndex.State.READY) {
                    byte[] prefix = Layout.composite(index.id());
                    count += count(prefix, Bytes.afterPrefix(prefix), version);
                }
            }
        }
        return count;
    }

    private int check(Row row, long version, List<String> faults) {
        Stored stored = Stored.of(row.value());
        Key key = stored.entity().getKey();
        byte[] partition = Layout.partition(key.getPartitionId());
        byte[] path = Layout.path(key);
        if (!Bytes.startsWith(row.key(), Layout.entity(partition, path))) {
            faults.add("an entity lies where another one belongs: " + Commits.shown(key));
            return 0;
        }
        var rows = IndexedValues.rows(key, stored.entity(), ready(key.getPartitionId(), version), false);
        for (byte[] each : rows) {
            if (store.get(each, version) == null && faults.size() < MOST_FAULTS) {
                faults.add("an index row is missing: " + Commits.shown(key));
            }
        }
        return rows.size();
    }

    private long count(byte[] from, byte[] to, long version) {
        long count = 0;
        try (Scan all = store.scan(from, to, version)) {
            while (all.next() != null) {
                count++;
            }
        }
        return count;
    }
}
