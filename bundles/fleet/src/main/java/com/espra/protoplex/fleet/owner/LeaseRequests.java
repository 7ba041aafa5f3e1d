package com.espra.protoplex.fleet.owner;

import java.util.OptionalLong;

/**
 * When a node asked for its leases: one that is granted counts from there, however long the answer took. Safe from any thread. Times are those
 * of a clock that never goes back, in nanoseconds.
 */
public final class LeaseRequests {

    private static final int KEPT = 64;

    private final long[] asked = new long[KEPT];
    private long last;

    /** @param first a number that is larger than any that this node gave before it was started, such as the time */
    public LeaseRequests(long first) {
        last = first;
    }

    /** The number of a request that goes out now. */
    public synchronized long next(long now) {
        last++;
        asked[(int) (last % KEPT)] = now;
        return last;
    }

    /** When the lease ends that was granted on the request of that number; empty when that is too long ago to be known. */
    public synchronized OptionalLong end(long number) {
        boolean known = number <= last && number > last - KEPT && number > 0;
        long when = asked[(int) Math.floorMod(number, (long) KEPT)];
        return known ? OptionalLong.of(when + LeaseBook.AT_NODE.toNanos()) : OptionalLong.empty();
    }
}
