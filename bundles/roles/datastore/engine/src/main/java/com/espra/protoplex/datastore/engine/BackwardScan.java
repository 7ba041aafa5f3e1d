package com.espra.protoplex.datastore.engine;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** The rows that a version sees, against their order. So of each key the oldest row comes first. */
final class BackwardScan implements Scan {

    private final Database database;
    private final long version;
    private final Slice start;
    private final Slice end;
    private final ReadOptions read;
    private final RocksIterator rows;

    private boolean closed;

    BackwardScan(Database database, byte[] from, byte[] to, long version) {
        database.enter();
        this.database = database;
        this.version = version;
        start = new Slice(Rows.start(from));
        end = new Slice(to.length == 0 ? new byte[] {Rows.VALUES + 1} : Rows.start(to));
        read = new ReadOptions().setIterateLowerBound(start).setIterateUpperBound(end);
        rows = database.iterator(read);
        rows.seekToLast();
    }

    @Override
    public @Nullable Row next() {
        while (rows.isValid()) {
            database.requireOpen();
            byte[] key = Rows.key(rows.key());
            byte[] newest = null;
            while (rows.isValid() && Rows.isOf(rows.key(), key)) {
                if (Rows.version(rows.key()) <= version) {
                    newest = rows.value();
                }
                rows.prev();
            }
            if (newest != null && newest[0] == Rows.SET) {
                return new Row(key, Rows.value(newest));
            }
        }
        try {
            rows.status();
        } catch (RocksDBException e) {
            throw database.failed(e);
        }
        return null;
    }

    @Override
    public void seek(byte[] key) {
        throw new UnsupportedOperationException("a scan that goes backwards");
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            rows.close();
            read.close();
            start.close();
            end.close();
            database.leave();
        }
    }
}
