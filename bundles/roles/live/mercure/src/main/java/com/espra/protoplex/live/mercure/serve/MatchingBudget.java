package com.espra.protoplex.live.mercure.serve;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much time the matchers of all streams take together: a quarter of each second is for them.
 *
 * <p>Threads: safe, without locks. What is counted while a second begins may be lost.
 */
final class MatchingBudget {

    static final long MOST_NANOS = 250_000_000;
    static final long SECOND = 1_000_000_000;

    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong spent = new AtomicLong();

    /** Whether they have had it, of this second. */
    boolean isSpent(long now) {
        long before = begun.get();
        if (now - before >= SECOND && begun.compareAndSet(before, now)) {
            spent.set(0);
        }
        return spent.get() > MOST_NANOS;
    }

    void spend(long nanos) {
        spent.addAndGet(nanos);
    }
}
