package com.espra.protoplex.api.blob;

/** There is no blob of this key. */
public class BlobNotFoundException extends BlobException {

    private static final long serialVersionUID = 1L;

    /** What, where, and what next. */
    public BlobNotFoundException(String message) {
        super(message);
    }

    /** What, where, and what next; and why. */
    public BlobNotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
