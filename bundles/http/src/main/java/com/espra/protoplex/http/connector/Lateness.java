package com.espra.protoplex.http.connector;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Whether this process gets processors too late to judge by the clock: what a client has sent in time may not have been read yet, and a
 * client on the same machine is as late.
 */
final class Lateness {

    private static final long OFTEN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier clock;
    private volatile boolean seen;
    private volatile long last;

    /** @param clock nanoseconds, by a clock that only goes on */
    Lateness(LongSupplier clock) {
        this.clock = clock;
    }

    /** Looks at the clock again and again. */
    void watch(Scheduler scheduler, BooleanSupplier on) {
        long due = clock.getAsLong() + OFTEN_NANOS;
        scheduler.schedule(
                () -> {
                    long now = clock.getAsLong();
                    if (now - due > LATE_NANOS) {
                        last = now;
                        seen = true;
                    }
                    if (on.getAsBoolean()) {
                        watch(scheduler, on);
                    }
                },
                OFTEN_NANOS,
                TimeUnit.NANOSECONDS);
    }

    /** Whether it was late a moment ago. */
    boolean isLate() {
        return seen && clock.getAsLong() - last < REMEMBERED_NANOS;
    }
}
