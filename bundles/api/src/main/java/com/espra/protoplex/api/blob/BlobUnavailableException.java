package com.espra.protoplex.api.blob;

/** The store does not answer, or has no room: later it may. */
public class BlobUnavailableException extends BlobException {

    private static final long serialVersionUID = 1L;

    /** What, where, and what next. */
    public BlobUnavailableException(String message) {
        super(message);
    }

    /** What, where, and what next; and why. */
    public BlobUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
