package com.espra.protoplex.files.upload.spool;

/** Bytes were sent for another place than the one where the upload goes on. */
public class OffsetException extends UploadRefusedException {

    private static final long serialVersionUID = 1L;

    private final long offset;

    /** @param offset where it goes on: what is durable */
    OffsetException(long offset) {
        super(409, "this upload goes on at byte " + offset);
        this.offset = offset;
    }

    /** Where it goes on. */
    public long offset() {
        return offset;
    }
}
