package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.espra.protoplex.datastore.engine.ReadSet;
import com.espra.protoplex.datastore.engine.Scan;
import com.espra.protoplex.datastore.engine.Store;
import com.espra.protoplex.datastore.engine.Work.Writer;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** Deletes all that there is, for tests of programs. Ids that were given away stay so. */
public final class Clearing {

    private static final int KEYS_AT_ONCE = 1_000;
    private static final int ROWS_AT_ONCE = 20_000;

    private final Store store;
    private final Indexes indexes;

    /** Of a store that is open. */
    public Clearing(Store store, Indexes indexes) {
        this.store = store;
        this.indexes = indexes;
    }

    /**
     * One pass over what is there when it begins, some of it at a time: who reads meanwhile sees a part, and a transaction that has read any is
     * ABORTED. An entity goes with its index rows, whoever writes it meanwhile.
     *
     * @throws RefusedException if nothing can be written now
     */
    public void all() {
        DatastoreService.refusing(() -> {
            all(Layout.allEntities(), Layout.afterEntities(), this::entity);
            all(Layout.allReserved(), Layout.afterReserved(), Clearing::row);
            return true;
        });
    }

    /** Deletes one; returns how many rows it had. */
    private interface Deletion {
        int delete(Writer writer, byte[] key);
    }

    private void all(byte[] first, byte[] end, Deletion deletion) {
        long version = store.version();
        byte[] from = first;
        for (List<byte[]> keys = keys(from, end, version); !keys.isEmpty(); keys = keys(from, end, version)) {
            List<byte[]> now = keys;
            int done = store.commit(new ReadSet(0), writer -> some(writer, now, deletion));
            from = Bytes.after(keys.get(done - 1));
        }
    }

    private static int some(Writer writer, List<byte[]> keys, Deletion deletion) {
        int done = 0;
        for (int rows = 0; done < keys.size() && rows < ROWS_AT_ONCE; done++) {
            rows += deletion.delete(writer, keys.get(done));
        }
        return done;
    }

    private List<byte[]> keys(byte[] from, byte[] end, long version) {
        List<byte[]> keys = new ArrayList<>();
        try (Scan scan = store.scan(from, end, version)) {
            for (Scan.Row row = scan.next(); row != null; row = scan.next()) {
                keys.add(row.key());
                if (keys.size() == KEYS_AT_ONCE) {
                    break;
                }
            }
        }
        return keys;
    }

    private static int row(Writer writer, byte[] key) {
        writer.delete(key);
        return 1;
    }

    private int entity(Writer writer, byte[] row) {
        byte[] known = writer.get(row);
        if (known == null) {
            return 1;
        }
        Stored stored = Stored.of(known);
        Key key = stored.entity().getKey();
        PartitionId partition = key.getPartitionId();
        SortedSet<byte[]> index = IndexedValues.rows(
                key,
                stored.entity(),
                indexes.written(writer, partition.getProjectId(), partition.getDatabaseId()),
                false);
        index.forEach(writer::delete);
        writer.delete(row);
        return 1 + index.size();
    }
}
