package com.espra.protoplex.seed.core;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that changes a {@link Fleet}. Whoever hands it work waits when it has too much. */
public final class FleetLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FleetLoop.class);
    private static final int MAX_QUEUED = 16_384;
    private static final long TICK_MILLIS = 1000;
    private static final long STOP_MILLIS = 5000;

    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(MAX_QUEUED);
    private final Fleet fleet;
    private final Thread thread;
    private volatile boolean stopping;

    /** Starts the thread. */
    public FleetLoop(Fleet fleet) {
        this.fleet = fleet;
        thread = Thread.ofPlatform().name("seed-fleet").daemon().start(this::run);
    }

    /**
     * Has something done.
     *
     * @return completes with what it gives, or how it fails
     */
    public <T> CompletableFuture<T> call(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        queue(
                () -> {
                    try {
                        result.complete(work.call());
                    } catch (Exception | Error e) {
                        result.completeExceptionally(e);
                    }
                },
                result::completeExceptionally);
        return result;
    }

    /**
     * Has something done that gives nothing.
     *
     * @param work what is to be done
     * @param done called after it
     * @param failed told when it could not be done
     */
    public void run(Runnable work, Runnable done, Consumer<Throwable> failed) {
        queue(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException | Error e) {
                        failed.accept(e);
                        return;
                    }
                    done.run();
                },
                failed);
    }

    private void queue(Runnable task, Consumer<Throwable> failed) {
        try {
            if (stopping || !queue.offer(task, STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                failed.accept(new IllegalStateException(
                        stopping
                                ? "the Seed stops"
                                : "the Seed is overloaded: " + MAX_QUEUED + " things wait already"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed.accept(e);
        }
    }

    /** Goes on after an error, too: without this thread every request and every link would wait in vain. */
    private void run() {
        long next = System.nanoTime();
        while (!stopping || !queue.isEmpty()) {
            try {
                Runnable task = queue.poll(Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (task != null) {
                    task.run();
                }
                if (System.nanoTime() - next >= 0) {
                    try {
                        fleet.tick();
                    } finally {
                        next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
                    }
                }
            } catch (InterruptedException e) {
                stopping = true;
            } catch (RuntimeException | Error e) {
                LOG.error("a defect of the Seed; it goes on", e);
            }
        }
    }

    /** Ends what is queued, then the thread. */
    @Override
    public void close() {
        stopping = true;
        queue.offer(() -> {});
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
