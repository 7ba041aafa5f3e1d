package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.HubRefusedException.Reason;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of the role: one for what comes every while, and a few that wait for other nodes. */
public final class PeerThreads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeerThreads.class);

    private static final int WORKERS = 8;
    private static final int MOST_WAITING = 10_000;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("live-timer").factory());
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("live-worker-", 0).factory());

    /** Starts no thread yet. */
    public PeerThreads() {
        workers.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Does something every while, whatever becomes of it. */
    public void every(long millis, Runnable work) {
        ScheduledFuture<?> _ = timer.scheduleWithFixedDelay(() -> logged(work), millis, millis, TimeUnit.MILLISECONDS);
    }

    private static void logged(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("something that is done every while failed, and is done again", e);
        }
    }

    /** @throws HubRefusedException if too much waits already */
    void work(Runnable work) {
        try {
            workers.execute(() -> logged(work));
        } catch (RejectedExecutionException e) {
            throw new HubRefusedException(Reason.FULL, "too much waits for other Live nodes: later");
        }
    }

    /** @param refused what is done if too much waits when it is time */
    void later(long millis, Runnable work, Consumer<HubRefusedException> refused) {
        Runnable due = () -> {
            try {
                work(work);
            } catch (HubRefusedException e) {
                refused.accept(e);
            }
        };
        try {
            ScheduledFuture<?> _ = timer.schedule(due, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            throw new HubRefusedException(Reason.UNAVAILABLE, "this version of Live stops: again");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdownNow();
    }
}
