package com.espra.protoplex.seed.nodes;

import java.time.Duration;
import java.time.Instant;

/**
 * How fast nodes may come that nobody knows. Whoever has the link's token can make up names, and each is saved and shown: a new fleet is
 * smaller than this, and a larger one has all of its nodes in a few minutes.
 */
final class Newcomers {

    static final int AT_ONCE = 256;
    static final int A_SECOND = 10;

    private static final double MILLIS = 1000;

    private double left = AT_ONCE;
    private Instant since;

    Newcomers(Instant now) {
        since = now;
    }

    /** Whether one more may come now. */
    boolean admit(Instant now) {
        // A clock may be set back.
        long millis = Math.max(0, Duration.between(since, now).toMillis());
        since = now;
        left = Math.min(AT_ONCE, left + millis / MILLIS * A_SECOND);
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
