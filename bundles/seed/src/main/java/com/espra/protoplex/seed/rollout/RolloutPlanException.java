package com.espra.protoplex.seed.rollout;

/** What was asked for is no plan of a rollout. */
public final class RolloutPlanException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    public RolloutPlanException(String what, String remedy) {
        super(what);
        this.remedy = remedy;
    }

    /** What to write instead. */
    public String remedy() {
        return remedy;
    }
}
