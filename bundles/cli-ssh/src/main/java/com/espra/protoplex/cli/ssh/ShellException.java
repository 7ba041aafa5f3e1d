package com.espra.protoplex.cli.ssh;

import org.jspecify.annotations.Nullable;

/** A shell that could not be reached or used. The message is for people: what, where, and what to do next. */
public final class ShellException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean unreachable;

    private ShellException(String message, boolean unreachable, @Nullable Throwable cause) {
        super(message, cause);
        this.unreachable = unreachable;
    }

    static ShellException refused(String message, @Nullable Throwable cause) {
        return new ShellException(message, false, cause);
    }

    static ShellException unreachable(String message, @Nullable Throwable cause) {
        return new ShellException(message, true, cause);
    }

    /** Whether nothing answered there, as opposed to an answer that was no. */
    public boolean isUnreachable() {
        return unreachable;
    }
}
