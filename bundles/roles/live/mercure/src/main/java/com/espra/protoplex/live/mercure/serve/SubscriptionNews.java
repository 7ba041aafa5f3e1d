package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.live.core.Hub;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Update;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells others of subscriptions that begin and end, on a thread of its own: a stream may end while an update is delivered to it, and nobody
 * publishes within a delivery.
 *
 * <p>Threads: safe. Nobody waits.
 */
final class SubscriptionNews implements AutoCloseable {

    /** How many subscribers wait to be told of. */
    static final int MOST_WAITING = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionNews.class);
    private static final long IDLE_SECONDS = 10;

    private final Hub hub;
    private final ThreadPoolExecutor thread;
    private final AtomicLong lost = new AtomicLong();

    SubscriptionNews(Hub hub) {
        this.hub = hub;
        thread = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                run -> {
                    Thread made = new Thread(run, "mercure-subscriptions");
                    made.setDaemon(true);
                    return made;
                },
                (_, executor) -> {
                    if (!executor.isShutdown()) {
                        full();
                    }
                });
        thread.allowCoreThreadTimeOut(true);
    }

    private void full() {
        if (lost.getAndIncrement() == 0) {
            LOG.warn(
                    "more than {} subscriptions have begun or ended and are not announced yet: others are not told of some;"
                            + " the list of subscriptions is right",
                    MOST_WAITING);
        }
    }

    /** They are told one after the other, in the order of the calls. */
    void tell(Member member, boolean active) {
        thread.execute(() -> {
            lost.set(0);
            for (Update update : SubscriptionDocuments.updates(member, active)) {
                var _ = hub.publish(update, "");
            }
        });
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
