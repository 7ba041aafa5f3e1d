package com.espra.protoplex.proxy.server.choice;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests and failures of the last 10 to 20 seconds, in one word: 24 bits say which 10 seconds are meant, 20 each count. What is over is
 * halved once and then forgotten, so that a slow trickle of requests is counted as well.
 *
 * <p>Threads: safe from any, without locks.
 */
final class FailureWindow {

    private static final long LENGTH_NANOS = 10_000_000_000L;
    private static final int MOST = (1 << 20) - 1;
    private static final int EPOCHS = (1 << 24) - 1;

    private final AtomicLong word = new AtomicLong();

    /** Counts one, and gives the share of failures in percent; -1 if there were fewer than {@code least} requests. */
    int add(boolean failure, long nowNanos, int least) {
        while (true) {
            long before = word.get();
            long after = next(before, failure, nowNanos);
            if (word.compareAndSet(before, after)) {
                int total = total(after);
                return total < least ? -1 : failures(after) * 100 / total;
            }
        }
    }

    private static long next(long before, boolean failure, long nowNanos) {
        long epoch = (nowNanos / LENGTH_NANOS) & EPOCHS;
        long past = (epoch - (before >>> 40)) & EPOCHS;
        int halved = past == 0 ? 0 : 1;
        int total = past > 1 ? 0 : total(before) >> halved;
        int failed = past > 1 ? 0 : failures(before) >> halved;
        if (total == MOST) {
            total >>= 1;
            failed >>= 1;
        }
        return epoch << 40 | (long) (total + 1) << 20 | (failed + (failure ? 1 : 0));
    }

    void clear() {
        word.set(0);
    }

    private static int total(long word) {
        return (int) (word >>> 20) & MOST;
    }

    private static int failures(long word) {
        return (int) word & MOST;
    }
}
