package com.espra.protoplex.api.blob;

/** What is kept is not what was written. */
public class BlobDamagedException extends BlobException {

    private static final long serialVersionUID = 1L;

    /** What, where, and what next. */
    public BlobDamagedException(String message) {
        super(message);
    }

    /** What, where, and what next; and why. */
    public BlobDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
