package com.espra.protoplex.host;

/** The node cannot start, for a reason that its user can mend. The message says what, where, and what to do. */
public final class StartException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message for people */
    public StartException(String message) {
        super(message);
    }

    /**
     * @param message for people
     * @param cause for the log
     */
    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
