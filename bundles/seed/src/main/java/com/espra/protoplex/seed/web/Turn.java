package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.core.FleetLoop;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A request's turn on the thread that changes the fleet. */
final class Turn {

    private static final long LOOP_SECONDS = 30;

    private final FleetLoop loop;

    Turn(FleetLoop loop) {
        this.loop = loop;
    }

    /**
     * Does the work there, and waits for it.
     *
     * @throws Exception what the work throws; a {@link Problem} if it was not done in time
     */
    <T> T call(Callable<T> work) throws Exception {
        try {
            return loop.call(work).get(LOOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new Problem(
                            503,
                            "the Seed did not get to this within " + LOOP_SECONDS + " s",
                            "./protoplex status shows whether it did later")
                    .because(e);
        }
    }
}
