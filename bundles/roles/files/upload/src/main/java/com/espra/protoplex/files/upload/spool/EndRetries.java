package com.espra.protoplex.files.upload.spool;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * When what failed is tried again: later each time.
 *
 * <p>Threads: safe from any.
 */
final class EndRetries {

    /** A client that asks is not made to wait for longer, and does not make this node try more often. */
    static final long SOON_NANOS = 2_000_000_000L;

    private static final long FIRST_NANOS = 20_000_000_000L;
    private static final long LAST_NANOS = 3600_000_000_000L;

    private record Failed(int times, long at) {}

    private final Map<String, Failed> failed = new HashMap<>();
    private final LongSupplier nanos;

    EndRetries(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized void failed(String id) {
        Failed before = failed.get(id);
        failed.put(id, new Failed(before == null ? 1 : before.times() + 1, nanos.getAsLong()));
    }

    synchronized void succeeded(String id) {
        failed.remove(id);
    }

    /** Whether the last failure is so long ago that a client who asks may have it tried. */
    synchronized boolean mayTryForClient(String id) {
        Failed before = failed.get(id);
        return before == null || nanos.getAsLong() - before.at() >= SOON_NANOS;
    }

    /** Whether it is its turn: 20 seconds after the first failure, then twice as long each time, up to an hour. */
    synchronized boolean isDue(String id) {
        Failed before = failed.get(id);
        return before == null
                || nanos.getAsLong() - before.at()
                        >= Math.min(LAST_NANOS, FIRST_NANOS << Math.min(20, before.times() - 1));
    }

    synchronized void keepOnly(Set<String> ids) {
        failed.keySet().retainAll(ids);
    }
}
