package com.espra.protoplex.datastore.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** The rows that a version sees. */
final class RowScan implements Scan {

    /** Of a key that changes often: then it is quicker to seek. */
    private static final int MOST_STEPS = 8;

    private final Database database;
    private final long version;
    private final Slice end;
    private final ReadOptions read;
    private final RocksIterator rows;

    private boolean closed;

    RowScan(Database database, byte[] from, byte[] to, long version) {
        database.enter();
        this.database = database;
        this.version = version;
        end = new Slice(to.length == 0 ? new byte[] {Rows.VALUES + 1} : Rows.start(to));
        read = new ReadOptions().setIterateUpperBound(end);
        rows = database.iterator(read);
        rows.seek(Rows.start(from));
    }

    @Override
    public @Nullable Row next() {
        int newer = 0;
        while (rows.isValid()) {
            database.requireOpen();
            byte[] row = rows.key();
            byte[] key = Rows.key(row);
            if (Rows.version(row) > version) {
                if (++newer > MOST_STEPS) {
                    rows.seek(Rows.row(key, version));
                    newer = 0;
                } else {
                    rows.next();
                }
                continue;
            }
            newer = 0;
            byte[] value = rows.value();
            pass(key);
            if (value[0] == Rows.SET) {
                return new Row(key, Rows.value(value));
            }
        }
        check();
        return null;
    }

    /** Leaves the older rows of a key behind. */
    private void pass(byte[] key) {
        rows.next();
        for (int steps = 1; rows.isValid() && Rows.isOf(rows.key(), key); steps++) {
            if (steps > MOST_STEPS) {
                rows.seek(Rows.row(key, 0));
                steps = 0;
            } else {
                rows.next();
            }
        }
    }

    private void check() {
        try {
            rows.status();
        } catch (RocksDBException e) {
            throw database.failed(e);
        }
    }

    @Override
    public void seek(byte[] key) {
        if (!rows.isValid() || Arrays.compareUnsigned(rows.key(), Rows.start(key)) < 0) {
            rows.seek(Rows.start(key));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            rows.close();
            read.close();
            end.close();
            database.leave();
        }
    }
}
