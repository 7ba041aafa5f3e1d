package com.espra.protoplex.proxy.server.limit;

import com.espra.protoplex.proxy.server.config.Rate;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One limit at one moment, by the generic cell rate algorithm: a single number, the time at which the next request would come if they came as
 * far apart as they should.
 *
 * <p>Threads: safe from any, without locks.
 */
final class Bucket {

    private final AtomicLong due;

    Bucket(long nowNanos) {
        due = new AtomicLong(nowNanos);
    }

    /** Lets a request through: 0; or says in how many nanoseconds one will be. */
    long take(Rate rate, long nowNanos) {
        long spacing = rate.spacingNanos();
        long tolerance = spacing * (rate.burst() - 1);
        while (true) {
            long before = due.get();
            long wait = before - tolerance - nowNanos;
            if (wait > 0) {
                return wait;
            }
            long next = (before - nowNanos > 0 ? before : nowNanos) + spacing;
            if (due.compareAndSet(before, next)) {
                return 0;
            }
        }
    }

    /** Whether it says nothing that a new one would not. */
    boolean isFull(long nowNanos) {
        return due.get() - nowNanos <= 0;
    }
}
