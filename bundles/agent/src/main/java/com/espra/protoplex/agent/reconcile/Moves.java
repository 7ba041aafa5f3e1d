package com.espra.protoplex.agent.reconcile;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Moves the units of this node. No call blocks, no future fails: a move that cannot be made ends so. Of one unit there is never more
 * than one under way.
 */
public interface Moves {

    /** What has to be done before code of a build runs. */
    @FunctionalInterface
    interface TrialMark {

        /**
         * Marks the build as one that is tried, unless it has served well here before.
         *
         * @return whether it has
         * @throws IOException if that cannot be made durable: then it must not run
         */
        boolean set() throws IOException;
    }

    /**
     * Fetches the release, proves it, and swaps the unit to it.
     *
     * @param digest the digest of a build, perhaps with that of its values: as {@link com.espra.protoplex.fleet.build.ReleaseId} writes it
     */
    CompletableFuture<Ended> move(String unit, String digest, TrialMark mark);

    /** Swaps the unit to a build that is in the store, or is the {@linkplain #shipped distribution's}, without the network. */
    CompletableFuture<Ended> restore(String unit, String digest);

    /** Takes the unit away. */
    CompletableFuture<Ended> remove(String unit);

    /** Gives up what {@link #move} does for the unit, if it has not come to the swap yet. */
    void cancel(String unit);

    /** The digest of the build of a role that this node's distribution carries; empty if it carries none. */
    Optional<String> shipped(String role);

    /** The units that are here. */
    Set<String> units();

    /** The digest of the build that serves; empty when none does. */
    Optional<String> live(String unit);
}
