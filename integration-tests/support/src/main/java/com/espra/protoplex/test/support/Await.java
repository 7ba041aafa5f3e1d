package com.espra.protoplex.test.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions: what tests do instead of sleeping. */
public final class Await {

    private static final long PAUSE_NANOS = 2_000_000;

    private Await() {}

    /**
     * Returns as soon as the condition holds.
     *
     * @param message what did not come true, for the failure
     * @throws AssertionError with the message, and the condition's last exception as its cause, when the deadline passes
     */
    public static void until(String message, Duration deadline, Condition condition) {
        long end = System.nanoTime() + deadline.toNanos();
        Throwable last = null;
        do {
            try {
                if (condition.holds()) {
                    return;
                }
                last = null;
            } catch (Exception | AssertionError e) {
                last = e;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting: " + message, last);
            }
        } while (System.nanoTime() < end);
        throw new AssertionError(message + " (waited " + deadline.toMillis() + " ms)", last);
    }

    /** Something that becomes true. An exception or a failed assertion counts as "not yet". */
    @FunctionalInterface
    public interface Condition {

        /** Whether it holds now. */
        boolean holds() throws Exception;
    }
}
