package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.espra.protoplex.datastore.engine.ReadSet;
import com.espra.protoplex.datastore.engine.Scan;
import com.espra.protoplex.datastore.engine.Store;
import com.espra.protoplex.datastore.engine.Work.Writer;
import com.espra.protoplex.datastore.model.CompositeIndex.State;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the rows of older entities to composite indexes that were made, and removes those of indexes that were deleted, beside commits: some at
 * a time, and half of the time at most. How far it has come is written with the rows, so it goes on there after a swap or a crash.
 */
public final class IndexBuilder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IndexBuilder.class);
    private static final int AT_ONCE = 100;
    private static final int ROWS_AT_ONCE = 1_000;
    private static final long RETRY_SECONDS = 5;
    private static final long LONGEST_STOP_MILLIS = 10_000;

    private final Store store;
    private final Indexes indexes;
    private final Semaphore wake = new Semaphore(1);
    private final Thread thread = new Thread(this::run, "datastore-indexes");
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean stopped;

    /** Begins; close it before the store. */
    public IndexBuilder(Store store, Indexes indexes) {
        this.store = store;
        this.indexes = indexes;
        indexes.whenChanged(wake::release);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            boolean retry = false;
            while (!stopped) {
                boolean woken = wake.tryAcquire(retry ? RETRY_SECONDS : TimeUnit.DAYS.toSeconds(1), TimeUnit.SECONDS);
                retry = (woken || retry) && !all();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether nothing is left to do. */
    private boolean all() throws InterruptedException {
        try {
            for (byte[] database : indexes.databases()) {
                for (CompositeIndex index : indexes.at(store.version(), database)) {
                    if (index.state() == State.CREATING) {
                        build(database, index);
                    } else if (index.state() == State.DELETING) {
                        remove(database, index);
                    }
                }
            }
            return true;
        } catch (RuntimeException e) {
            if (!stopped) {
                LOG.warn("composite indexes are not built for now, and tried again soon", e);
            }
            return false;
        }
    }

    private void build(byte[] database, CompositeIndex index) throws InterruptedException {
        byte[] known = store.get(Layout.built(index.id()), store.version());
        byte[] from = known == null ? new byte[0] : known;
        while (!stopped) {
            long begun = System.nanoTime();
            List<byte[]> rows = entities(database, index, from);
            if (rows.isEmpty()) {
                set(database, index, State.READY, "");
                LOG.info("the composite index {} of the kind {} is there", index.id(), index.kind());
                return;
            }
            try {
                int done = store.commit(new ReadSet(0), writer -> add(writer, database, index, rows));
                if (done == 0) {
                    return;
                }
                from = rows.get(done - 1);
            } catch (RefusedException e) {
                set(database, index, State.ERROR, String.valueOf(e.getMessage()));
                LOG.warn("the composite index {} cannot be built: {}", index.id(), e.getMessage());
                return;
            }
            pause(begun);
        }
    }

    private void set(byte[] database, CompositeIndex index, State state, String problem) {
        store.commit(new ReadSet(0), writer -> {
            indexes.replace(
                    writer,
                    database,
                    index.id(),
                    each -> each.state() == State.CREATING ? each.with(state, problem) : each);
            writer.delete(Layout.built(index.id()));
            return "";
        });
        // It may have been deleted meanwhile.
        wake.release();
    }

    /** Others have their turn for as long as this took. */
    private void pause(long begun) throws InterruptedException {
        boolean over = stopping.await(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        LOG.trace("paused; stopping: {}", over);
    }

    /** The rows of the kind's index from one on, of all namespaces. */
    private List<byte[]> entities(byte[] database, CompositeIndex index, byte[] after) {
        byte[] prefix = Layout.kindsOf(database);
        byte[] end = Bytes.afterPrefix(prefix);
        List<byte[]> found = new ArrayList<>();
        try (Scan scan = store.scan(after.length == 0 ? prefix : Bytes.after(after), end, store.version())) {
            for (Scan.Row row = scan.next(); row != null && found.size() < AT_ONCE; row = scan.next()) {
                ByteBuffer in = ByteBuffer.wrap(row.key()).position(prefix.length);
                Layout.text(in);
                byte[] namespace = Arrays.copyOf(row.key(), in.position());
                if (Layout.text(in).equals(index.kind())) {
                    found.add(row.key());
                } else {
                    byte[] kind =
                            new OrderedBytes().raw(namespace).text(index.kind()).done();
                    scan.seek(Arrays.compareUnsigned(row.key(), kind) < 0 ? kind : Bytes.afterPrefix(namespace));
                }
            }
        }
        return found;
    }

    private int add(Writer writer, byte[] database, CompositeIndex index, List<byte[]> kinds) {
        // Deleted while this waited for its turn: then nothing may be added any more.
        if (indexes.state(writer, database, index.id()) != State.CREATING) {
            return 0;
        }
        int done = 0;
        for (int rows = 0; done < kinds.size() && rows < ROWS_AT_ONCE; done++) {
            byte[] stored = writer.get(Layout.entityOf(kinds.get(done)));
            if (stored == null) {
                continue;
            }
            var entity = Stored.of(stored).entity();
            List<byte[]> own = new ArrayList<>();
            index.addRows(entity.getKey(), Layout.path(entity.getKey()), IndexedValues.of(entity), own);
            for (byte[] row : own) {
                if (writer.get(row) == null) {
                    writer.add(row, new byte[0]);
                }
            }
            rows += own.size() + 1;
        }
        writer.put(Layout.built(index.id()), kinds.get(done - 1));
        return done;
    }

    private void remove(byte[] database, CompositeIndex index) throws InterruptedException {
        byte[] prefix = Layout.composite(index.id());
        while (!stopped) {
            long begun = System.nanoTime();
            List<byte[]> rows = new ArrayList<>();
            try (Scan scan = store.scan(prefix, Bytes.afterPrefix(prefix), store.version())) {
                for (Scan.Row row = scan.next(); row != null && rows.size() < ROWS_AT_ONCE; row = scan.next()) {
                    rows.add(row.key());
                }
            }
            store.commit(new ReadSet(0), writer -> {
                rows.forEach(writer::delete);
                if (rows.isEmpty()) {
                    indexes.replace(writer, database, index.id(), IndexBuilder::none);
                    writer.delete(Layout.built(index.id()));
                }
                return "";
            });
            if (rows.isEmpty()) {
                return;
            }
            pause(begun);
        }
    }

    private static @Nullable CompositeIndex none(CompositeIndex index) {
        return null;
    }

    /** Ends after what it is about. */
    @Override
    public void close() {
        stopped = true;
        stopping.countDown();
        wake.release();
        try {
            thread.join(LONGEST_STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
