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

    /** For all of the past that it reads at its beginning. */
    static final long LONGEST_PAST_NANOS = 2_000_000_000;

    /** Whose matchers come to no more than this does not go when all together take too long. */
    static final int FEW_STATES = 256;

    private final LongSupplier nanos;
    private final MatchingBudget old;
    private final MatchingBudget all;
    private final int states;
    private long whole;
    private long past;
    private volatile boolean isPast = true;
    private long begun;
    private int before;
    private int slow;

    /**
     * Of one stream.
     *
     * @param nanos a clock that only goes on
     * @param old the time of all streams for the past: who asks for it again and again takes nothing from those that are there
     * @param all the time of all streams for what is new
     * @param states what its matchers come to
     */
    MatchingTime(LongSupplier nanos, MatchingBudget old, MatchingBudget all, int states) {
        this.nanos = nanos;
        this.old = old;
        this.all = all;
        this.states = states;
    }

    /** @throws IllegalStateException if all together have had theirs, and this one is among those that take the most */
    void begin() {
        begun = nanos.getAsLong();
        whole = begun;
        before = slow;
        if (states > FEW_STATES && budget().isSpent(begun)) {
            throw new IllegalStateException("the matchers of all streams take too long, and these are large");
        }
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

    /** @throws IllegalStateException if it is at its end */
    void end() {
        slow = slow == before ? 0 : slow;
        long took = nanos.getAsLong() - whole;
        budget().spend(took);
        if (isPast) {
            past += took;
            if (past > LONGEST_PAST_NANOS) {
                throw new IllegalStateException("the matchers take too long for the past");
            }
        }
    }

    private MatchingBudget budget() {
        return isPast ? old : all;
    }

    /** It has read the past. */
    void caughtUp() {
        isPast = false;
    }
}
