package com.espra.protoplex.api.blob;

import java.io.IOException;

/** A store of blobs did not do what it was asked. */
public class BlobException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What, where, and what next. */
    public BlobException(String message) {
        super(message);
    }

    /** What, where, and what next; and why. */
    public BlobException(String message, Throwable cause) {
        super(message, cause);
    }
}
