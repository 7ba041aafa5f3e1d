package com.espra.protoplex.files.upload.spool;

import java.io.IOException;

/** An upload, or a part of one, is not taken. */
public class UploadRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    /**
     * Says why.
     *
     * @param status of HTTP
     * @param message for people: what, and what next
     */
    public UploadRefusedException(int status, String message) {
        super(message);
        this.status = status;
        reason = message;
    }

    /** Of HTTP. */
    public int status() {
        return status;
    }

    /** For people: what, and what next. */
    public String reason() {
        return reason;
    }
}
