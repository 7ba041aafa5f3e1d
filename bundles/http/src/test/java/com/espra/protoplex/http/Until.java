package com.espra.protoplex.http;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition, with a deadline and a message. */
public final class Until {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private Until() {}

    public static void until(String what, Callable<Boolean> condition) throws Exception {
        until(() -> what, condition);
    }

    /** With a message that says how far it came. */
    public static void until(Supplier<String> what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + DEADLINE.toSeconds() + " s: " + what.get());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
