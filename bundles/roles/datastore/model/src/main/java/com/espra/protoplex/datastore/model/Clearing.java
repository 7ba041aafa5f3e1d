package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.ReadSet;
import com.espra.protoplex.datastore.engine.Scan;
import com.espra.protoplex.datastore.engine.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Deletes all that there is, for tests of programs. Ids that were given away stay so. */
public final class Clearing {

    private static final int AT_ONCE = 5_000;

    private final Store store;

    /** Of a store that is open. */
    public Clearing(Store store) {
        this.store = store;
    }

    /** Some thousands of rows at a time: who reads meanwhile sees a part, and a transaction that has read any is ABORTED. */
    public void all() {
        for (List<byte[]> keys = some(); !keys.isEmpty(); keys = some()) {
            List<byte[]> now = keys;
            store.commit(new ReadSet(0), writer -> {
                now.forEach(writer::delete);
                return now.size();
            });
        }
    }

    private List<byte[]> some() {
        List<byte[]> keys = new ArrayList<>();
        try (Scan scan = store.scan(new byte[0], new byte[0], store.version())) {
            for (Scan.Row row = scan.next(); row != null && keys.size() < AT_ONCE; row = scan.next()) {
                if (!Arrays.equals(row.key(), Layout.COUNTER)) {
                    keys.add(row.key());
                }
            }
        }
        return keys;
    }
}
