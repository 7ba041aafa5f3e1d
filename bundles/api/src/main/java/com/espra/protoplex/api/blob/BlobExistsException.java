package com.espra.protoplex.api.blob;

/** There is a blob of this key already, and it stays. */
public class BlobExistsException extends BlobException {

    private static final long serialVersionUID = 1L;

    /** What, where, and what next. */
    public BlobExistsException(String message) {
        super(message);
    }

    /** What, where, and what next; and why. */
    public BlobExistsException(String message, Throwable cause) {
        super(message, cause);
    }
}
