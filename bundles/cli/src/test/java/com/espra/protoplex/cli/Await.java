package com.espra.protoplex.cli;

import static org.junit.Assert.fail;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;

/** Waits for what must come to be. */
public final class Await {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private Await() {}

    /** Fails with a message if the condition does not hold in time. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plus(DEADLINE);
        while (!condition.call()) {
            if (Instant.now().isAfter(end)) {
                fail("not within " + DEADLINE.toSeconds() + " s: " + what);
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }
}
