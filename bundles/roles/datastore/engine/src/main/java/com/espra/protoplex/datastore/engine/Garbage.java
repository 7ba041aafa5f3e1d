package com.espra.protoplex.datastore.engine;

import com.espra.protoplex.datastore.engine.StoreException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;

/** Removes rows that no read can see any more: each commit has noted which keys it made old. */
final class Garbage {

    private static final int MOST_AT_ONCE = 1_000;

    private final Database database;

    Garbage(Database database) {
        this.database = database;
    }

    static byte[] list(List<byte[]> keys) {
        int length = 0;
        for (byte[] key : keys) {
            length += Integer.BYTES + key.length;
        }
        ByteBuffer list = ByteBuffer.allocate(length);
        keys.forEach(key -> list.putInt(key.length).put(key));
        return list.array();
    }

    private static List<byte[]> keys(byte[] list) {
        List<byte[]> keys = new ArrayList<>();
        for (ByteBuffer rest = ByteBuffer.wrap(list); rest.hasRemaining(); ) {
            byte[] key = new byte[rest.getInt()];
            rest.get(key);
            keys.add(key);
        }
        return keys;
    }

    /** Removes what only reads before this version could see. Some of it at a time; whether there may be more. */
    boolean sweep(long before) {
        database.enter();
        try (Slice end = new Slice(Rows.garbage(before));
                ReadOptions read = new ReadOptions().setIterateUpperBound(end);
                RocksIterator notes = database.iterator(read);
                ReadOptions all = new ReadOptions();
                RocksIterator rows = database.iterator(all);
                WriteBatch batch = new WriteBatch()) {
            int count = 0;
            for (notes.seek(new byte[] {Rows.GARBAGE}); notes.isValid() && count < MOST_AT_ONCE; notes.next()) {
                long version = Bytes.getLong(notes.key(), 1);
                for (byte[] key : keys(notes.value())) {
                    removeOld(rows, key, version, batch);
                    count++;
                }
                batch.delete(notes.key());
                count++;
            }
            notes.status();
            if (count > 0) {
                database.write(batch, false);
            }
            return count >= MOST_AT_ONCE;
        } catch (RocksDBException e) {
            throw new StoreException(Reason.READ_ONLY, "old rows could not be removed: " + e.getMessage(), e);
        } finally {
            database.leave();
        }
    }

    /** All before the row of the version; that one, too, if it says that the key was deleted. */
    private static void removeOld(RocksIterator rows, byte[] key, long version, WriteBatch batch)
            throws RocksDBException {
        for (rows.seek(Rows.row(key, version)); rows.isValid() && Rows.isOf(rows.key(), key); rows.next()) {
            boolean newest = Rows.version(rows.key()) == version;
            if (!newest || rows.value()[0] == Rows.DELETED) {
                batch.delete(rows.key());
            }
        }
        rows.status();
    }
}
