package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.ReadSet;
import com.espra.protoplex.datastore.engine.Scan;
import com.espra.protoplex.datastore.engine.Store;
import com.google.datastore.v1.PartitionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The store at one version. Within a transaction it notes what is read.
 *
 * @param reads null outside a transaction that may write
 */
record View(Store store, long version, @Nullable ReadSet reads, Effort effort, Indexes indexes) {

    List<CompositeIndex> indexes(PartitionId partition) {
        return indexes.at(version, Layout.definitions(partition.getProjectId(), partition.getDatabaseId()));
    }

    /** Before each row, and each seek for one. */
    void check() {
        effort.check();
    }

    @Nullable
    Stored entity(byte[] partition, byte[] path) {
        byte[] row = Layout.entity(partition, path);
        if (reads != null) {
            reads.key(row);
        }
        byte[] found = store.get(row, version);
        return found == null ? null : Stored.of(found);
    }

    Scan scan(byte[] from, byte[] to) {
        return store.scan(from, to, version);
    }

    /** All in the range was looked at, also what is not there. */
    void note(byte[] from, byte[] to) {
        if (reads != null) {
            reads.range(from, to);
        }
    }
}
