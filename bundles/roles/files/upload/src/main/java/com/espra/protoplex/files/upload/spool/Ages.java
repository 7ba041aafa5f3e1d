package com.espra.protoplex.files.upload.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How long nothing happened to an upload. While this process runs its age grows with the steady clock, so that a clock of the day that jumps ahead
 * makes nothing old; one that was wrong when the process began has an hour to be put right.
 *
 * <p>Threads: one at a time.
 */
final class Ages {

    private static final Duration LEAST_WATCHED = Duration.ofHours(1);

    private record Seen(long stamp, long since, long last, long age) {}

    private final Map<String, Seen> seen = new HashMap<>();
    private final LongSupplier nanos;

    Ages(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Whether it is older than that.
     *
     * @param stamp when something happened to it last, in milliseconds of the clock of the day
     */
    boolean isOlder(String id, long stamp, Instant now, Duration limit) {
        long time = nanos.getAsLong();
        long byClock =
                Duration.ofMillis(Math.max(0, now.toEpochMilli() - stamp)).toNanos();
        Seen before = seen.get(id);
        Seen after = before == null || before.stamp() != stamp
                ? new Seen(stamp, time, time, byClock)
                : new Seen(stamp, before.since(), time, Math.min(byClock, before.age() + time - before.last()));
        seen.put(id, after);
        long watched = Math.min(limit.toNanos(), LEAST_WATCHED.toNanos());
        return after.age() >= limit.toNanos() && time - after.since() >= watched;
    }

    /** What is not there any more is forgotten. */
    void keepOnly(Set<String> ids) {
        seen.keySet().retainAll(ids);
    }
}
