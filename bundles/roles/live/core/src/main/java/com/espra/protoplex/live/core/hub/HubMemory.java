package com.espra.protoplex.live.core.hub;

import com.espra.protoplex.live.core.HubLimits;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.HubRefusedException.Reason;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What all hubs of a node take together, and its clocks. */
final class HubMemory {

    /** How many members are listed at most. */
    static final int MOST_LISTED = 10_000;

    private final HubLimits limits;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Runnable bound;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger subscriptions = new AtomicInteger();

    /** @param bound called when it is too much, without any lock */
    HubMemory(HubLimits limits, InstantSource clock, LongSupplier nanos, Runnable bound) {
        this.limits = limits;
        this.clock = clock;
        this.nanos = nanos;
        this.bound = bound;
    }

    HubLimits limits() {
        return limits;
    }

    /** For people. */
    long now() {
        return clock.millis();
    }

    /** For ages: no jump of a clock makes anything old. Milliseconds. */
    long monotonic() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong());
    }

    /** What arrived before is too old. */
    long oldest() {
        return monotonic() - limits.age().toMillis();
    }

    void changed(long by) {
        bytes.addAndGet(by);
    }

    void bound() {
        if (isTooMuch()) {
            bound.run();
        }
    }

    boolean isTooMuch() {
        return bytes.get() > limits.bytes();
    }

    long bytes() {
        return bytes.get();
    }

    void takeSubscription(String hub) {
        if (subscriptions.incrementAndGet() > limits.subscriptions()) {
            subscriptions.decrementAndGet();
            throw new HubRefusedException(
                    Reason.FULL,
                    "this node has " + limits.subscriptions() + " subscriptions, as many as it may: the hub " + hub
                            + " takes no more here");
        }
    }

    void returnSubscription() {
        subscriptions.decrementAndGet();
    }
}
