package com.espra.protoplex.swap.engine;

/** A step could not be done. The message gives the cause and the remedy, for people. */
public class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    /** A cause that the message describes in full. */
    public Refused(String message) {
        super(message);
    }

    /** Keeps what was thrown, for the log. */
    public Refused(String message, Throwable cause) {
        super(message, cause);
    }
}
