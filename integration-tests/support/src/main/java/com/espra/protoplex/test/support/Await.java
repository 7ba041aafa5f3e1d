package com.espra.protoplex.test.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions: what tests do instead of sleeping. */
public final class Await {

    private static final long SHORTEST_PAUSE_NANOS = 2_000_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    /** To look takes from the machine what is waited for: a fifth of the time at most, unless a look takes long. */
    private static final int PAUSES_A_LOOK = 4;

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
            long look = System.nanoTime();
            try {
                if (condition.holds()) {
                    return;
                }
                last = null;
            } catch (Exception | AssertionError e) {
                last = e;
            }
            LockSupport.parkNanos(
                    Math.clamp(PAUSES_A_LOOK * (System.nanoTime() - look), SHORTEST_PAUSE_NANOS, LONGEST_PAUSE_NANOS));
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
