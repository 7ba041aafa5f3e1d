package com.espra.protoplex.live.mercure.match;

/** A matcher is none: what it says is wrong is for who wrote it. */
public class MatcherSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    public MatcherSyntaxException(String message) {
        super(message);
    }

    public MatcherSyntaxException(String message, Throwable cause) {
        super(message, cause);
    }
}
