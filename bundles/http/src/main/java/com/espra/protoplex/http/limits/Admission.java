package com.espra.protoplex.http.limits;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Who is let in, and who is told to come again: at most so many requests at once, and none while the process is short of something. It is
 * better to answer some than to answer nobody.
 */
public final class Admission {

    private final IntSupplier bound;
    private final BooleanSupplier pressure;
    private final AtomicInteger inside = new AtomicInteger();
    private final LongAdder shed = new LongAdder();

    /**
     * @param bound how many may be inside at once
     * @param pressure whether the process is short of something: asked for each request
     */
    public Admission(IntSupplier bound, BooleanSupplier pressure) {
        this.bound = bound;
        this.pressure = pressure;
    }

    /** Lets one in, who {@link #leave}s later, or does not. */
    public boolean enter() {
        boolean in = tryEnter();
        if (!in) {
            shed.increment();
        }
        return in;
    }

    /** The same, but who is not let in is not counted: it asks once more. */
    public boolean tryEnter() {
        if (!pressure.getAsBoolean()) {
            if (inside.incrementAndGet() <= bound.getAsInt()) {
                return true;
            }
            inside.decrementAndGet();
        }
        return false;
    }

    public void leave() {
        inside.decrementAndGet();
    }

    /** Whether the process is short of something. */
    public boolean underPressure() {
        return pressure.getAsBoolean();
    }

    /** How many were not let in. */
    public long shed() {
        return shed.sum();
    }
}
