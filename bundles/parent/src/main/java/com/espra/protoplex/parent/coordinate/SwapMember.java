package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A child that takes swaps. No call blocks. A future that fails means that the child cannot be counted on any more. */
public interface SwapMember {

    /** Its id, which no other child ever has. */
    String id();

    /** The units that are for it. */
    Release.Placement placement();

    /** Swaps to the release. */
    CompletableFuture<Answer> swap(Release release);

    /** Looks whether all that the release needs is there: what is missing, for people. A failure says only that it cannot tell. */
    CompletableFuture<String> check(Release release);

    /** Removes the unit. */
    CompletableFuture<Answer> remove(String unit);

    /** What it has. */
    CompletableFuture<List<UnitStatus>> units();

    /** Tells it that it has everything, or has refused it. */
    CompletableFuture<?> restored();

    /** Has it replaced by a successor, if it is still there. */
    void replace(String reason);

    /**
     * How a call ended.
     *
     * @param outcome of the child's engine
     * @param units the unit's state after it; empty when the child has no such unit
     */
    record Answer(Outcome outcome, List<UnitStatus> units) {

        /** Keeps a copy. */
        public Answer {
            units = List.copyOf(units);
        }
    }
}
