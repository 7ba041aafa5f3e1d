package com.espra.protoplex.seed.enrol;

/** A node is not let in; nothing has changed. */
public final class EnrolmentException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is. */
    public enum Kind {
        /** What was sent cannot be understood. */
        MALFORMED,
        /** Nobody knows what was shown. */
        UNKNOWN,
        /** What was shown is known, and not good for this, or not any more. */
        FORBIDDEN,
        /** It does not go together with how things stand. */
        CONFLICT
    }

    private final Kind kind;
    private final String remedy;

    public EnrolmentException(Kind kind, String what, String remedy) {
        super(what);
        this.kind = kind;
        this.remedy = remedy;
    }

    EnrolmentException because(Throwable cause) {
        initCause(cause);
        return this;
    }

    /** What kind of trouble it is. */
    public Kind kind() {
        return kind;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
