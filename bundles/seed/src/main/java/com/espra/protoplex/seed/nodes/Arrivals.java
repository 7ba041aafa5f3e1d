package com.espra.protoplex.seed.nodes;

import java.time.Duration;
import java.time.Instant;

/**
 * How fast nodes are let in, whoever they are. After a restart of the Seed all of them come in the same moment: as many as it can greet in a
 * second are let in at once, and each of the others is given a time of its own, one after the other.
 */
final class Arrivals {

    /** Most fleets are smaller, and wait for nothing. */
    static final int AT_ONCE = 500;

    static final int A_SECOND = 500;

    private static final Duration BETWEEN = Duration.ofSeconds(1).dividedBy(A_SECOND);

    /** Nobody is sent away for longer: who does not come at its time leaves a gap that nobody else has. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final double MILLIS = 1000;

    private double left = AT_ONCE;
    private Instant since;
    private Instant next;

    Arrivals(Instant now) {
        since = now;
        next = now;
    }

    /** How long one more has to wait; zero: it is let in now. */
    Duration admit(Instant now) {
        // A clock may be set back.
        long millis = Math.max(0, Duration.between(since, now).toMillis());
        since = now;
        left = Math.min(AT_ONCE, left + millis / MILLIS * A_SECOND);
        if (left >= 1) {
            left--;
            return Duration.ZERO;
        }
        boolean isStale = next.isBefore(now) || next.isAfter(now.plus(LONGEST));
        next = (isStale ? now : next).plus(BETWEEN);
        // Never nothing: that would be now.
        return Duration.between(now, next).plusMillis(1);
    }
}
