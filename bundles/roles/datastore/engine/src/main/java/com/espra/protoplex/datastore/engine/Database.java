package com.espra.protoplex.datastore.engine;

import com.espra.protoplex.datastore.engine.StoreException.Reason;
import com.espra.protoplex.files.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Statistics;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB, open: it is closed when nobody is inside, for its memory is not the JVM's. */
final class Database implements AutoCloseable {

    private static final byte[] THIS_FORM = "1".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_INSIDE = 1 << 20;
    private static final long MEMTABLE_BYTES = 16L << 20;
    private static final long LOG_BYTES = 64L << 20;
    private static final long CACHE_BYTES = 64L << 20;
    private static final int LOGS = 3;
    private static final long LONGEST_CLOSE_SECONDS = 10;

    private final Path folder;
    private final Semaphore inside = new Semaphore(MOST_INSIDE);
    private final LRUCache cache;
    private final Options options;
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions();
    private final RocksDB rocks;

    private volatile boolean closed;
    private volatile @Nullable StoreException damage;

    static {
        RocksDB.loadLibrary();
    }

    /** Its class is there, and so is the native code. */
    static void prepare() {
        RocksDB.loadLibrary();
    }

    /** One that is there. */
    Database(Path folder) throws IOException {
        this(folder, Purpose.USE, null);
    }

    /** @param statistics counts what the engine does */
    Database(Path folder, Statistics statistics) throws IOException {
        this(folder, Purpose.USE, statistics);
    }

    /** Makes one. */
    static void create(Path folder) throws IOException {
        new Database(folder, Purpose.CREATE, null).close();
    }

    /** What is in the log of a copy gets into its tables: these have checksums, and are listed. */
    static void absorbLog(Path folder) throws IOException {
        new Database(folder, Purpose.ABSORB, null).close();
    }

    /** To look at a copy: nothing is written, and nobody else is kept out. */
    static Database readOnly(Path folder) throws IOException {
        return new Database(folder, Purpose.READ, null);
    }

    private enum Purpose {
        CREATE,
        USE,
        ABSORB,
        READ
    }

    private Database(Path folder, Purpose purpose, @Nullable Statistics statistics) throws IOException {
        this.folder = folder;
        cache = new LRUCache(CACHE_BYTES);
        boolean readOnly = purpose == Purpose.READ;
        options = new Options()
                .setCreateIfMissing(purpose == Purpose.CREATE)
                .setDisableAutoCompactions(purpose == Purpose.ABSORB)
                .setParanoidChecks(true)
                // What was acknowledged is never at the torn end of the log; damage before it is not passed over in
                // silence. A copy has no torn end.
                .setWalRecoveryMode(
                        readOnly ? WALRecoveryMode.AbsoluteConsistency : WALRecoveryMode.TolerateCorruptedTailRecords)
                .setWriteBufferSize(MEMTABLE_BYTES)
                .setMaxTotalWalSize(LOG_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setMaxBackgroundJobs(2)
                .setKeepLogFileNum(LOGS)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(cache));
        if (statistics != null) {
            options.setStatistics(statistics);
        }
        RocksDB opened = null;
        boolean sound = false;
        try {
            if (purpose == Purpose.CREATE) {
                PrivateFiles.createFolder(folder);
            }
            opened = readOnly
                    ? RocksDB.openReadOnly(options, folder.toString())
                    : RocksDB.open(options, folder.toString());
            checkForm(opened, purpose == Purpose.CREATE);
            sound = true;
        } catch (RocksDBException e) {
            throw new IOException("cannot open the store in " + folder + ": " + e.getMessage(), e);
        } finally {
            if (!sound) {
                if (opened != null) {
                    opened.close();
                }
                closeOptions();
            }
        }
        rocks = opened;
    }

    private void closeOptions() {
        synced.close();
        unsynced.close();
        options.close();
        cache.close();
    }

    private void checkForm(RocksDB opened, boolean isNew) throws RocksDBException, IOException {
        byte[] form = opened.get(Rows.FORM);
        if (isNew) {
            opened.put(synced, Rows.FORM, THIS_FORM);
        } else if (form == null || !Arrays.equals(form, THIS_FORM)) {
            throw new IOException("the store in " + folder + " has the form "
                    + (form == null ? "none" : new String(form, StandardCharsets.US_ASCII))
                    + ", which this version does not know: "
                    + "use the version that wrote it, or a later one");
        }
    }

    void enter() {
        if (closed || !inside.tryAcquire()) {
            throw new StoreException(Reason.BUSY, closed ? "the store is closed" : "too many reads at once");
        }
    }

    /** Who is inside for long asks now and then, and ends: somebody waits. */
    void requireOpen() {
        if (closed) {
            throw new StoreException(Reason.BUSY, "the store is closed");
        }
    }

    void leave() {
        inside.release();
    }

    /** Inside alone: the value of a row of the engine's own. */
    byte @Nullable [] meta(byte[] row) {
        try {
            return rocks.get(row);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    /** The newest row of a key that is not newer than the version; null if there is none, or it says that the key was deleted. */
    byte @Nullable [] get(byte[] key, long version) {
        enter();
        try (ReadOptions read = new ReadOptions();
                Slice end = new Slice(Rows.row(key, 0))) {
            read.setIterateUpperBound(end);
            try (RocksIterator rows = rocks.newIterator(read)) {
                rows.seek(Rows.row(key, version));
                if (!rows.isValid()) {
                    rows.status();
                    return null;
                }
                byte[] value = rows.value();
                return value[0] == Rows.SET ? Rows.value(value) : null;
            }
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    /** Between {@link #enter} and {@link #leave}. */
    RocksIterator iterator(ReadOptions read) {
        return rocks.newIterator(read);
    }

    void write(WriteBatch batch, boolean durable) {
        enter();
        try {
            rocks.write(durable ? synced : unsynced, batch);
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    void verify() {
        enter();
        try {
            rocks.verifyChecksum();
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    /** Makes a folder of what is there now: files that do not change are linked and not copied. */
    void checkpoint(Path to) {
        enter();
        try (Checkpoint checkpoint = Checkpoint.create(rocks)) {
            checkpoint.createCheckpoint(to.toString());
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    /** A figure of the engine's own; 0 if it has none of that name. */
    long figure(String property) {
        enter();
        try {
            return rocks.getLongProperty(property);
        } catch (RocksDBException e) {
            return 0;
        } finally {
            leave();
        }
    }

    StoreException failed(RocksDBException e) {
        Status.Code code =
                e.getStatus() == null ? Status.Code.Undefined : e.getStatus().getCode();
        if (code == Status.Code.Corruption) {
            StoreException found =
                    new StoreException(Reason.DAMAGED, "the store in " + folder + " is damaged: " + e.getMessage(), e);
            met(found);
            return found;
        }
        return new StoreException(Reason.READ_ONLY, "the store in " + folder + " cannot be used: " + e.getMessage(), e);
    }

    /** Keeps it in mind. */
    void met(StoreException found) {
        damage = found;
    }

    /** The damage that was found last since it was opened: it does not go away by itself. */
    @Nullable
    StoreException damage() {
        return damage;
    }

    /** Waits until nobody is inside: whoever is would read memory that is gone, and take the process with it. */
    @Override
    public void close() {
        closed = true;
        inside.acquireUninterruptibly(MOST_INSIDE);
        free();
    }

    /** As {@link #close}, for as long as it may take; whether it is closed. */
    boolean tryClose() throws InterruptedException {
        closed = true;
        if (!inside.tryAcquire(MOST_INSIDE, LONGEST_CLOSE_SECONDS, TimeUnit.SECONDS)) {
            return false;
        }
        free();
        return true;
    }

    private void free() {
        rocks.cancelAllBackgroundWork(true);
        rocks.close();
        closeOptions();
    }
}
