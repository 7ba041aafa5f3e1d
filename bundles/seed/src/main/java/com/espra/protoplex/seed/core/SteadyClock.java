package com.espra.protoplex.seed.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time for whatever waits: it goes as fast as time goes, however the machine's clock is set meanwhile. Towards that it goes a tenth
 * faster or slower, until they agree again.
 *
 * <p>Threads: safe from any. It never goes back.
 */
final class SteadyClock implements InstantSource {

    private static final int TENTH = 10;

    private final InstantSource machine;
    private final LongSupplier nanos;
    private Instant shown;
    private long looked;

    /** @param nanos what never goes back, in nanoseconds */
    SteadyClock(InstantSource machine, LongSupplier nanos) {
        this.machine = machine;
        this.nanos = nanos;
        this.shown = machine.instant();
        this.looked = nanos.getAsLong();
    }

    @Override
    public synchronized Instant instant() {
        long now = nanos.getAsLong();
        Duration passed = Duration.ofNanos(now - looked);
        looked = now;
        shown = shown.plus(passed);
        Duration wrong = Duration.between(shown, machine.instant());
        Duration most = passed.dividedBy(TENTH);
        if (wrong.compareTo(most) > 0) {
            wrong = most;
        } else if (wrong.compareTo(most.negated()) < 0) {
            wrong = most.negated();
        }
        shown = shown.plus(wrong);
        return shown;
    }
}
