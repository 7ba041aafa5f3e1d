package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What is asked of a unit. */
sealed interface Operation permits Trial, Operation.Removal {

    /** Completed when it has ended. */
    CompletableFuture<Outcome> result();

    /**
     * The unit is to go.
     *
     * @param reasons why it is not gone everywhere
     */
    record Removal(CompletableFuture<Outcome> result, Set<String> reasons) implements Operation {

        Removal(CompletableFuture<Outcome> result) {
            this(result, new LinkedHashSet<>());
        }
    }
}
