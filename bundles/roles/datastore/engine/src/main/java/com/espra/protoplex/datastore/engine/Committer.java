package com.espra.protoplex.datastore.engine;

import com.espra.protoplex.datastore.engine.StoreException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread carries out all commits, one after the other, so they are serialisable by themselves, and writes those that wait as one
 * batch, with one wait for the disk. docs/decisions/0121-one-thread-commits.md
 */
final class Committer {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int MOST_WAITING = 1_024;
    private static final int MOST_IN_BATCH = 256;
    private static final int MOST_BATCH_BYTES = 16 << 20;
    private static final long LONGEST_STOP_MILLIS = 10_000;
    /** The version of the last commit. */
    static final byte[] LAST = {'l'};
    /** The same, written by those alone who know of composite indexes: an older program does not. */
    private static final byte[] LAST_OF_THESE = {'m'};

    private final Database database;
    private final LongSupplier micros;
    private final Runnable room;
    private final BlockingQueue<Task<?>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread = new Thread(this::run, "datastore-commit");
    private final Changes changes;
    private final Times times;
    private final ReadHolders holders = new ReadHolders();
    private final Parked<Task<?>> parked = new Parked<>();

    private final boolean writtenByOlder;

    private volatile long visible;
    private volatile boolean stopped;
    /** When the commits under way were begun, of the system's nanoseconds; 0 if there are none. */
    private volatile long begun;

    private volatile int behind;

    private long last;

    /** @param room throws if there is no room for writes */
    Committer(Database database, LongSupplier micros, Runnable room) {
        this.database = database;
        this.micros = micros;
        this.room = room;
        byte[] known = database.meta(LAST);
        last = known == null ? 1 : Bytes.getLong(known, 0);
        byte[] ours = database.meta(LAST_OF_THESE);
        writtenByOlder = known != null && !Arrays.equals(known, ours);
        visible = last;
        changes = new Changes(last);
        times = new Times(micros.getAsLong(), last, TimeUnit.NANOSECONDS.toMicros(Store.KEPT.toNanos()));
        thread.setDaemon(true);
    }

    boolean isWrittenByOlder() {
        return writtenByOlder;
    }

    void start() {
        thread.start();
    }

    /** The version that has all commits that are acknowledged. */
    long visible() {
        return visible;
    }

    Times times() {
        return times;
    }

    /** For how long the commits that are under way have been so; 0 if there are none. */
    long nanosUnderWay() {
        long start = begun;
        return start == 0 ? 0 : System.nanoTime() - start;
    }

    <T> T commit(ReadSet reads, Work<T> work) {
        return await(new Task<>(reads, work, 0, false));
    }

    /** As {@link #commit}, but waits for the end of transactions that hold what it changes. */
    <T> T commitBehind(ReadSet reads, Work<T> work) {
        return await(new Task<>(reads, work, 0, true));
    }

    /** How many commits wait for transactions. */
    int behind() {
        return behind;
    }

    ReadHolders holders() {
        return holders;
    }

    /** Who waits for a transaction that has ended looks again. */
    void wake() {
        // If there is no room for it, it is awake.
        waiting.offer(new Task<>(new ReadSet(0), _ -> "", 0, false));
    }

    /** Lets no commit have this version, or a smaller one, from now on. */
    void settle(long version) {
        if (version > visible) {
            await(new Task<>(new ReadSet(0), _ -> "", version, false));
        }
    }

    private <T> T await(Task<T> task) {
        if (stopped) {
            throw new StoreException(Reason.BUSY, "the store is being closed");
        }
        if (!waiting.offer(task)) {
            throw new StoreException(Reason.BUSY, MOST_WAITING + " commits wait already: try again later");
        }
        if (stopped && waiting.remove(task)) {
            // Nobody is left to carry it out.
            throw new StoreException(Reason.BUSY, "the store is being closed");
        }
        try {
            return task.done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    void stop() {
        stopped = true;
        wake();
        try {
            thread.join(LONGEST_STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        refuseAll();
    }

    private void refuseAll() {
        List<Task<?>> late = new ArrayList<>();
        waiting.drainTo(late);
        late.addAll(parked.takeAll());
        late.forEach(
                task -> task.done.completeExceptionally(new StoreException(Reason.BUSY, "the store is being closed")));
    }

    private void run() {
        while (!stopped) {
            List<Task<?>> batch = new ArrayList<>();
            try {
                Task<?> first = waiting.poll(1, TimeUnit.SECONDS);
                parked.takeReady(holders::holds).forEach((task, place) -> {
                    task.place = place;
                    batch.add(task);
                });
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, MOST_IN_BATCH - 1);
                }
                if (!batch.isEmpty()) {
                    begun = System.nanoTime() | 1;
                    carryOut(batch);
                }
            } catch (InterruptedException e) {
                LOG.debug("the thread of the commits was interrupted", e);
            } catch (RuntimeException | Error e) {
                batch.forEach(task -> task.done.completeExceptionally(e));
            } finally {
                begun = 0;
                behind = parked.size();
            }
        }
        refuseAll();
    }

    /** As many at once as fit. */
    private void carryOut(List<Task<?>> tasks) {
        List<Task<?>> done = new ArrayList<>();
        Batch batch = new Batch();
        for (Task<?> task : tasks) {
            if (batch.bytes > MOST_BATCH_BYTES) {
                write(batch, done);
                done = new ArrayList<>();
                batch = new Batch();
            }
            last = Math.max(last, task.settled);
            One one = new One(batch, Math.max(last + 1, micros.getAsLong()));
            try {
                if (changes.conflict(task.reads) || batch.conflict(task.reads)) {
                    throw new StoreException(
                            Reason.CONFLICT, "what the transaction has read was changed by another one meanwhile");
                }
                task.run(one);
                if (task.behind && mustWait(task, one.writes.keySet())) {
                    continue;
                }
                if (one.writes.isEmpty()) {
                    last = Math.max(last, task.settled);
                } else {
                    last = one.version;
                    batch.add(one);
                }
                done.add(task);
            } catch (RuntimeException e) {
                task.done.completeExceptionally(e);
            }
        }
        write(batch, done);
    }

    /** Whether it has to wait for somebody; who would wait in a circle is refused, the youngest of them. */
    private boolean mustWait(Task<?> task, Collection<byte[]> keys) {
        if (holders.isEmpty()) {
            return false;
        }
        Parked.Place before = task.place;
        long number = before == null ? holders.next() : before.number();
        List<ReadSet> blockers = holders.of(keys, task.reads, number);
        if (blockers.isEmpty()) {
            return false;
        }
        long now = System.nanoTime();
        long since = before == null ? now : before.since();
        if (now - since > Parked.LONGEST_NANOS) {
            throw new StoreException(
                    Reason.CONFLICT, "a transaction that has read what this one changes has not ended for too long");
        }
        if (parked.size() >= MOST_WAITING) {
            throw new StoreException(Reason.BUSY, MOST_WAITING + " commits wait for transactions: try again later");
        }
        parked.add(task, new Parked.Place(task.reads, blockers, number, since));
        Task<?> youngest = task;
        List<Task<?>> circle = parked.circle(task.reads, blockers);
        for (Task<?> each : circle) {
            youngest = holders.number(each.reads) > holders.number(youngest.reads) ? each : youngest;
        }
        if (!circle.isEmpty()) {
            parked.remove(youngest);
            youngest.done.completeExceptionally(new StoreException(
                    Reason.CONFLICT, "it waited for a transaction that waits for it, and it is the younger one"));
        }
        return true;
    }

    private void write(Batch batch, List<Task<?>> tasks) {
        try {
            if (!batch.commits.isEmpty()) {
                room.run();
                try (WriteBatch rows = batch.rows(last)) {
                    database.write(rows, true);
                } catch (RocksDBException e) {
                    throw database.failed(e);
                }
                batch.commits.forEach(one -> changes.add(one.version, one.writes.keySet()));
            }
        } catch (RuntimeException e) {
            tasks.forEach(task -> task.done.completeExceptionally(e));
            return;
        }
        visible = last;
        times.note(micros.getAsLong(), last);
        tasks.forEach(Task::finish);
    }

    /** Something that somebody waits for. */
    private static final class Task<T> {
        private final ReadSet reads;
        private final Work<T> work;
        private final long settled;
        /** Whether it waits for transactions that hold what it changes. */
        private final boolean behind;

        private Parked.@Nullable Place place;
        private final CompletableFuture<T> done = new CompletableFuture<>();
        private @Nullable T result;

        Task(ReadSet reads, Work<T> work, long settled, boolean behind) {
            this.reads = reads;
            this.work = work;
            this.settled = settled;
            this.behind = behind;
        }

        void run(Work.Writer writer) {
            result = work.apply(writer);
        }

        void finish() {
            if (result == null) {
                done.completeExceptionally(new IllegalStateException("a commit without a result"));
            } else {
                done.complete(result);
            }
        }
    }

    /** What is written at once. */
    private static final class Batch {
        private final List<One> commits = new ArrayList<>();
        private final TreeMap<byte[], byte[]> values = new TreeMap<>(Arrays::compareUnsigned);
        private int bytes;

        void add(One one) {
            commits.add(one);
            values.putAll(one.writes);
            one.writes.forEach((key, value) -> bytes += key.length + value.length);
        }

        boolean conflict(ReadSet reads) {
            return !reads.isEmpty()
                    && commits.stream()
                            .filter(one -> one.version > reads.version())
                            .anyMatch(one -> one.writes.keySet().stream().anyMatch(reads::has));
        }

        WriteBatch rows(long last) throws RocksDBException {
            WriteBatch rows = new WriteBatch();
            for (One one : commits) {
                for (Map.Entry<byte[], byte[]> write : one.writes.entrySet()) {
                    rows.put(Rows.row(write.getKey(), one.version), write.getValue());
                }
                if (!one.old.isEmpty()) {
                    rows.put(Rows.garbage(one.version), Garbage.list(one.old));
                }
            }
            byte[] version = new byte[Long.BYTES];
            Bytes.putLong(version, 0, last);
            rows.put(LAST, version);
            rows.put(LAST_OF_THESE, version);
            return rows;
        }
    }

    /** One commit, as it goes on. Values have their first byte in front. */
    private final class One implements Work.Writer {
        private final Batch batch;
        private final long version;
        private final TreeMap<byte[], byte[]> writes = new TreeMap<>(Arrays::compareUnsigned);
        /** Keys whose older rows nobody needs when nobody reads at a version before this one. */
        private final List<byte[]> old = new ArrayList<>();
        /** What was looked for last, and whether it was there: mostly it is set next. */
        private byte[] known = {};

        private boolean there;

        One(Batch batch, long version) {
            this.batch = batch;
            this.version = version;
        }

        @Override
        public long version() {
            return version;
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            byte[] found = find(key);
            known = key;
            there = found != null;
            return found;
        }

        private byte @Nullable [] find(byte[] key) {
            byte[] pending = writes.get(key);
            if (pending == null) {
                pending = batch.values.get(key);
            }
            if (pending != null) {
                return pending[0] == Rows.SET ? Rows.value(pending) : null;
            }
            return database.get(key, Long.MAX_VALUE);
        }

        @Override
        public void put(byte[] key, byte[] value) {
            if (!writes.containsKey(key) && (Arrays.equals(known, key) ? there : get(key) != null)) {
                old.add(key);
            }
            add(key, value);
        }

        @Override
        public void add(byte[] key, byte[] value) {
            writes.put(key, Bytes.join(new byte[] {Rows.SET}, value));
        }

        @Override
        public void delete(byte[] key) {
            old.add(key);
            writes.put(key, new byte[] {Rows.DELETED});
        }
    }
}
