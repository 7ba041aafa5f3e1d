package com.espra.protoplex.http.exchange;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.QuietException;
import org.jspecify.annotations.Nullable;

/** Failures that a client has caused: a body that is too large, too slow or malformed, a query that cannot be decoded. */
public final class ClientErrors {

    private static final int DEEPEST = 8;

    private ClientErrors() {}

    /**
     * Looks for a client's error in what a handler failed with, which may have wrapped it once or more.
     *
     * @return an exception with its status and reason, which nobody logs with a stack trace; null if it was no client's error
     */
    public static @Nullable Throwable in(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof HttpException error) {
                return HttpStatus.isClientError(error.getCode()) ? quiet(cause, error) : null;
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static Throwable quiet(Throwable cause, HttpException error) {
        return cause instanceof QuietException
                ? cause
                : new HttpException.RuntimeException(error.getCode(), error.getReason(), cause);
    }
}
