package com.espra.protoplex.datastore.model;

import com.google.rpc.Code;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How much a call may still do: a query that nobody waits for ends, and so does one that takes longer than Google's would.
 *
 * <p>Threads: one at a time.
 */
final class Effort {

    static final Duration LONGEST = Duration.ofSeconds(60);

    /** So many rows are read between two looks. */
    private static final int ROWS = 64;

    private final BooleanSupplier gone;
    private final long begun = System.nanoTime();
    private int rows;

    /** @param gone whether nobody waits any more */
    Effort(BooleanSupplier gone) {
        this.gone = gone;
    }

    void check() {
        if (++rows % ROWS != 0) {
            return;
        }
        if (gone.getAsBoolean()) {
            throw new RefusedException(Code.CANCELLED, "nobody waits for the answer any more");
        }
        if (System.nanoTime() - begun > LONGEST.toNanos()) {
            throw new RefusedException(
                    Code.DEADLINE_EXCEEDED,
                    "the query took longer than " + LONGEST.toSeconds()
                            + " s: ask for less at once, or by a property that leads to fewer entities");
        }
    }
}
