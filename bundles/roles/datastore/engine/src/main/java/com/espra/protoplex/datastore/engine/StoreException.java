package com.espra.protoplex.datastore.engine;

/** Why the store did not do what it was asked for. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What the caller can do about it. */
    public enum Reason {
        /** What it has read has changed since: nothing was written, and it may try again from the beginning. */
        CONFLICT,
        /** Nothing can be written now, for instance because the disk is full; reads go on. */
        READ_ONLY,
        /** As many wait as may wait, or it is being closed: later, or elsewhere. */
        BUSY,
        /** What the disk gave is not what was written. The message names the file. */
        DAMAGED
    }

    private final Reason reason;

    /** A failure without a cause. */
    public StoreException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** A failure that has another one as its cause. */
    public StoreException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What the caller can do about it. */
    public Reason reason() {
        return reason;
    }
}
