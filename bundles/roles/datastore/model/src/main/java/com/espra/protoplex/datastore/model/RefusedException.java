package com.espra.protoplex.datastore.model;

import com.google.rpc.Code;

/** A request that is not carried out, with the code that Google's service answers with in such a case. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Code code;

    /** What the caller reads. */
    public RefusedException(Code code, String message) {
        super(message);
        this.code = code;
    }

    /** What the caller reads, and what is behind it. */
    public RefusedException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Google's code. */
    public Code code() {
        return code;
    }

    /** INVALID_ARGUMENT. */
    public static RefusedException invalid(String message) {
        return new RefusedException(Code.INVALID_ARGUMENT, message);
    }

    /** UNIMPLEMENTED. */
    public static RefusedException unimplemented(String what) {
        return new RefusedException(
                Code.UNIMPLEMENTED, what + " is not there yet: docs/ROADMAP.md lists what the Datastore lacks");
    }
}
