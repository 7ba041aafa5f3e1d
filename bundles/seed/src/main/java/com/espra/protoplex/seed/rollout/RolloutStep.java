package com.espra.protoplex.seed.rollout;

/** What an event does to a rollout in a state. */
public sealed interface RolloutStep {

    /** What is to be done on the way to the next state. */
    enum Deed {
        /** Nothing but to remember the state. */
        REMEMBER,
        /** Begin to watch the nodes of the wave. */
        WATCH,
        /** Begin the next wave. */
        NEXT_WAVE,
        /** Tell all nodes that have the new build to go back. */
        TURN_BACK,
        /** It has ended. */
        END,
        /** It ended long ago: move the fleet back by a rollout of its own. */
        MOVE_BACK
    }

    /**
     * It goes on.
     *
     * @param next the state that follows
     * @param deed what is to be done
     */
    record To(RolloutState next, Deed deed) implements RolloutStep {}

    /**
     * It is nothing that matters now.
     *
     * @param why for whoever reads the table
     */
    record Stay(String why) implements RolloutStep {}

    /**
     * Somebody asked for what cannot be.
     *
     * @param why for people
     * @param remedy what to do instead, with {@code ID} and {@code APP} in place of the rollout's
     */
    record No(String why, String remedy) implements RolloutStep {}
}
