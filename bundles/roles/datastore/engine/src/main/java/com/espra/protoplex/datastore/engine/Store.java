package com.espra.protoplex.datastore.engine;

import com.espra.protoplex.datastore.engine.StoreException.Reason;
import com.espra.protoplex.files.FolderLock;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys and values in order, in a folder that one process has open. What a commit has written is on the disk when it returns. Older
 * versions of a value stay readable for {@link #KEPT}. No key may be the beginning of another one.
 *
 * <p>Threads: safe from any. Each method but {@link #verify} and {@link #close} is short.
 */
public final class Store implements AutoCloseable {

    /** How long what was replaced or deleted can still be read. */
    public static final Duration KEPT = Duration.ofMinutes(70);

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final Duration LONGEST_LOCK = Duration.ofSeconds(20);
    private static final long SWEEP_SECONDS = 60;

    private final Path folder;
    private final FolderLock lock;
    private final Database database;
    private final Committer committer;
    private final Garbage garbage;
    private final LongSupplier micros;
    private final Runnable room;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread sweeper = new Thread(this::sweepNowAndThen, "datastore-sweep");

    /**
     * Opens it, and makes it if there is none.
     *
     * @param reserveBytes how much room stays free on the disk: with less, nothing is written
     * @param micros the time, in microseconds since 1970; it may go back
     * @throws IOException if it cannot be opened, or somebody else has it open; the message says who
     */
    public Store(Path folder, long reserveBytes, LongSupplier micros) throws IOException, InterruptedException {
        this.folder = folder;
        this.micros = micros;
        lock = FolderLock.take(folder, LONGEST_LOCK);
        boolean open = false;
        Database opened = null;
        try {
            opened = new Database(Backup.take(folder));
            FileStore disk = Files.getFileStore(folder);
            database = opened;
            room = () -> requireRoom(disk, folder, reserveBytes);
            committer = new Committer(opened, micros, room);
            garbage = new Garbage(opened);
            open = true;
        } finally {
            if (!open) {
                if (opened != null) {
                    opened.close();
                }
                lock.close();
            }
        }
        sweeper.setDaemon(true);
        committer.start();
        sweeper.start();
    }

    /** Loads the native code, which takes a while; to open does it too. */
    public static void prepare() {
        Database.prepare();
    }

    private static void requireRoom(FileStore disk, Path folder, long reserveBytes) {
        try {
            long free = disk.getUsableSpace();
            if (free < reserveBytes) {
                throw new StoreException(
                        Reason.READ_ONLY,
                        "the disk of " + folder + " is full: " + free + " bytes are free, and " + reserveBytes
                                + " stay so; nothing is written until there is room, reads go on");
            }
        } catch (IOException e) {
            throw new StoreException(Reason.READ_ONLY, "the disk of " + folder + " does not answer", e);
        }
    }

    /** Whether the last commit before it was opened is one of an older program, which writes no composite indexes. */
    public boolean isWrittenByOlder() {
        return committer.isWrittenByOlder();
    }

    /** The version that has all that is acknowledged: microseconds since 1970. */
    public long version() {
        return committer.visible();
    }

    /**
     * The version that had all that was acknowledged at a time that has passed, in microseconds since 1970: the time itself, unless the clock was
     * ahead before; to a second then.
     */
    public long at(long time) {
        return committer.times().at(time);
    }

    /** Times before this one cannot be read, for the clock was ahead when the store was opened; 0 if it was not. */
    public long knownSince() {
        return committer.times().knownSince();
    }

    /** Makes this version final: no later commit has it, or a smaller one. For reads at a time that has just passed. */
    public void settle(long version) {
        committer.settle(version);
    }

    /** The value of a key at a version, or null. */
    public byte @Nullable [] get(byte[] key, long version) {
        return database.get(key, version);
    }

    /**
     * All keys from one to another, the latter excluded, at a version.
     *
     * @param to empty for the end of all keys
     */
    public Scan scan(byte[] from, byte[] to, long version) {
        return new RowScan(database, from, to, version);
    }

    /** As {@link #scan}, from the last key to the first one. */
    public Scan scanBackward(byte[] from, byte[] to, long version) {
        return new BackwardScan(database, from, to, version);
    }

    /**
     * Carries out a commit when nothing else is, and returns when it is on the disk.
     *
     * @param reads what it depends on
     * @throws StoreException if something of that has changed since, or nothing can be written; also what the work throws
     */
    public <T> T commit(ReadSet reads, Work<T> work) {
        return committer.commit(reads, work);
    }

    /**
     * As {@link #commit}, but waits until those transactions have ended that hold what it changes, and began before it: for 10 s at most. Of
     * transactions that wait for each other the youngest is refused.
     *
     * @throws StoreException CONFLICT also then
     */
    public <T> T commitBehind(ReadSet reads, Work<T> work) {
        return committer.commitBehind(reads, work);
    }

    /** How many commits wait for the end of transactions. */
    public int behind() {
        return committer.behind();
    }

    /**
     * Makes others wait that would change what a transaction has read, and reads from now on.
     *
     * @param alive whether it still is under way; asked for from any thread, often
     */
    public void hold(ReadSet reads, BooleanSupplier alive) {
        committer.holders().hold(reads, alive);
    }

    /** Nobody waits for it any more. */
    public void release(ReadSet reads) {
        committer.holders().release(reads);
        committer.wake();
    }

    /**
     * Whether it can do what it is for; without a read or a write.
     *
     * @param patience how long commits may be under way
     * @throws StoreException BUSY if they have been so for longer, DAMAGED if damage was met since it was opened, READ_ONLY if the
     *     disk is full
     */
    public void requireHealth(Duration patience) {
        long nanos = committer.nanosUnderWay();
        if (nanos > patience.toNanos()) {
            throw new StoreException(
                    Reason.BUSY,
                    "the store in " + folder + " has not ended a commit for " + TimeUnit.NANOSECONDS.toSeconds(nanos)
                            + " s: look at the disk, and at the thread datastore-commit");
        }
        StoreException damage = database.damage();
        if (damage != null) {
            throw new StoreException(Reason.DAMAGED, String.valueOf(damage.getMessage()), damage);
        }
        room.run();
    }

    /** Reads all files and compares their checksums. Takes as long as that takes. */
    public void verify() {
        try {
            Backup.check(database, folder);
        } catch (StoreException e) {
            if (e.reason() == Reason.DAMAGED) {
                database.met(e);
            }
            throw e;
        }
    }

    /**
     * Makes a copy of what is acknowledged, while commits go on, and verifies it.
     *
     * @param to a new folder; on the same disk it takes little room at first, because files are linked
     * @throws IOException if it is there, cannot be made, or is not as it should be; there is nothing then
     */
    public void backup(Path to) throws IOException {
        Backup.write(database, to);
    }

    /** How many rows there are, about: older versions are among them. */
    public long rows() {
        return database.figure("rocksdb.estimate-num-keys");
    }

    /** How much it takes on the disk, in bytes, without the log. */
    public long bytesOnDisk() {
        return database.figure("rocksdb.total-sst-files-size");
    }

    /** How much of the engine's own memory it takes, in bytes. */
    public long bytesInMemory() {
        return database.figure("rocksdb.cur-size-all-mem-tables")
                + database.figure("rocksdb.block-cache-usage")
                + database.figure("rocksdb.estimate-table-readers-mem");
    }

    /** Removes what only reads before this version could see. */
    public void sweep(long before) {
        while (garbage.sweep(before)) {
            if (closing.getCount() == 0) {
                return;
            }
        }
    }

    /** Removes what no read can ask for any more. */
    void sweepOld() {
        sweep(at(micros.getAsLong() - TimeUnit.NANOSECONDS.toMicros(KEPT.toNanos())) + 1);
    }

    private void sweepNowAndThen() {
        try {
            while (!closing.await(SWEEP_SECONDS, TimeUnit.SECONDS)) {
                try {
                    sweepOld();
                } catch (StoreException e) {
                    LOG.warn("old versions of entities stay for now: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the commits that are under way and closes the folder. */
    @Override
    public synchronized void close() {
        if (closing.getCount() == 0) {
            return;
        }
        closing.countDown();
        committer.stop();
        try {
            sweeper.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String why = "is in use";
        boolean closed = false;
        try {
            closed = database.tryClose();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            why = "was not waited for";
        }
        if (!closed) {
            Thread.ofPlatform().daemon().name("datastore-close").start(this::closeLater);
            throw new IllegalStateException(
                    "the store in " + folder + " " + why + ": it is closed when nobody reads it any more");
        }
        lock.close();
    }

    /** The next one can open it then. */
    private void closeLater() {
        database.close();
        lock.close();
        LOG.info("the store in {} is closed", folder);
    }
}
