package com.espra.protoplex.live.mercure.token;

/** A token is not accepted. Why is for the log: the client hears that it is invalid, and no more. */
public class InvalidTokenException extends Exception {

    private static final long serialVersionUID = 1L;

    public InvalidTokenException(String message) {
        super(message);
    }

    public InvalidTokenException(String message, Throwable cause) {
        super(message, cause);
    }
}
