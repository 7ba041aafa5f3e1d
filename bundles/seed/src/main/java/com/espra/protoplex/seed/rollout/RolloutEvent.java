package com.espra.protoplex.seed.rollout;

/** What happens to a rollout. */
public enum RolloutEvent {
    /** All nodes of its wave serve, and there are more waves. */
    WAVE_SERVES,
    /** All nodes serve. */
    ALL_SERVE,
    /** A node refused, or served and does not any more. */
    NODE_REFUSED,
    /** The bake time is over, and the new build is as good as the one before. */
    GATE_PASSED,
    /** It is worse. */
    GATE_FAILED,
    /** The bake time is over, and nobody can tell. */
    GATE_UNDECIDED,
    /** It should have been done by now. */
    DEADLINE_PASSED,
    /** All nodes that had moved are back. */
    ALL_RETURNED,
    /** Somebody stops it. */
    PAUSE,
    /** Somebody lets it go on. */
    RESUME,
    /** Somebody lets the next wave begin. */
    PROMOTE,
    /** Somebody gives it up. */
    ABORT,
    /** Somebody wants back what served before. */
    ROLL_BACK
}
