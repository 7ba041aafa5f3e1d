package com.espra.protoplex.seed.state;

/** The fleet cannot do what was asked; nothing has changed. */
public class FleetException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is. */
    public enum Kind {
        /** There is no such app, build or deployment. */
        NOT_FOUND,
        /** It does not go together with how things stand. */
        CONFLICT
    }

    private final Kind kind;
    private final String remedy;
    private final String deployment;

    public FleetException(Kind kind, String what, String remedy) {
        this(kind, what, remedy, "");
    }

    public FleetException(Kind kind, String what, String remedy, String deployment) {
        super(what);
        this.kind = kind;
        this.remedy = remedy;
        this.deployment = deployment;
    }

    /** What kind of trouble it is. */
    public Kind kind() {
        return kind;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }

    /** The deployment that is in the way; empty when none is. */
    public String deployment() {
        return deployment;
    }
}
