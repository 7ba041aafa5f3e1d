package com.espra.protoplex.live.mercure.serve;

import java.util.function.LongSupplier;

/**
 * How long the matchers of one subscriber may take, for all others of the hub wait meanwhile. A machine that is busy makes anybody slow now
 * and then, and nobody always.
 *
 * <p>Threads: one at a time.
 */
final class MatchingTime {

    private static final int MOST_SLOW_LOOKS = 3;
    private static final long LONGEST_LOOK_NANOS = 50_000_000;

    private final LongSupplier nanos;
    private long begun;
    private int before;
    private int slow;

    /** @param nanos a clock that only goes on */
    MatchingTime(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void begin() {
        begun = nanos.getAsLong();
        before = slow;
    }

    /** @throws IllegalStateException if it is at its end */
    void look() {
        long now = nanos.getAsLong();
        if (now - begun > LONGEST_LOOK_NANOS) {
            begun = now;
            slow++;
            if (slow >= MOST_SLOW_LOOKS) {
                throw new IllegalStateException("the matchers take too long");
            }
        }
    }

    void end() {
        slow = slow == before ? 0 : slow;
    }
}
