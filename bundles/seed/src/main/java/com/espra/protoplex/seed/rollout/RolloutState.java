package com.espra.protoplex.seed.rollout;

/** Where a rollout is. */
public enum RolloutState {
    /** The nodes of its wave move. */
    MOVING("moving"),
    /** They serve, and are watched. */
    BAKING("baking"),
    /** Its gate cannot tell: somebody promotes or aborts it. */
    HELD("held"),
    /** Somebody stopped it: no node begins to move. */
    PAUSED("paused"),
    /** All that moved go back. */
    RETURNING("returning"),
    /** All serve it. */
    DONE("done"),
    /** What served before serves again. */
    REFUSED("refused");

    private final String word;

    RolloutState(String word) {
        this.word = word;
    }

    /** For people, and the API. */
    public String word() {
        return word;
    }

    /** Whether nodes of its waves are to serve the new build. */
    public boolean forward() {
        return this == MOVING || this == BAKING || this == HELD || this == PAUSED;
    }
}
