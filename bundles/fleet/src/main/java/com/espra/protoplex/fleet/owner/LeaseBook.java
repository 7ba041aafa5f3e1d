package com.espra.protoplex.fleet.owner;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Who may still act on what the Seed has told, at the Seed. A node counts {@link #AT_NODE} from when it asked, the Seed {@link #AT_SEED} from when
 * it answered, which is later; so for the Seed a lease is over when it has been so at the node for a while, as long as no clock runs a quarter
 * faster than another. What time it is does not matter.
 *
 * <p>One thread uses it. Times are those of a clock that never goes back, in nanoseconds.
 */
public final class LeaseBook {

    /** How long a lease is for the node that has it. */
    public static final Duration AT_NODE = Duration.ofSeconds(10);

    /** How long it is for the Seed. */
    public static final Duration AT_SEED = Duration.ofMillis(12_500);

    private final Map<String, Long> ends = new HashMap<>();
    private final long quiet;

    /** @param start when this Seed was started: whom the one before gave a lease is not known, so any node may have one that is no older */
    public LeaseBook(long start) {
        quiet = start + AT_SEED.toNanos();
    }

    /** A node gets a lease. */
    public void grant(String node, long now) {
        ends.put(node, now + AT_SEED.toNanos());
    }

    /** Whether leases are known: those of the Seed before are over. */
    public boolean isKnown(long now) {
        return now - quiet >= 0;
    }

    /** Whether the node may still act. */
    public boolean holds(String node, long now) {
        Long end = ends.get(node);
        return !isKnown(now) || (end != null && now - end < 0);
    }

    /** Those who got a lease of this Seed that is not over: a view. */
    public Set<String> holders(long now) {
        ends.values().removeIf(end -> now - end >= 0);
        return Collections.unmodifiableSet(ends.keySet());
    }
}
