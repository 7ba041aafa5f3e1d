package com.espra.protoplex.files.upload.spool;

import java.io.IOException;

/** A client does not send on: it is gone, or was ended for another request of its own. What came before is durable. */
public final class CutException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public CutException(IOException cause) {
        super("the client does not send on: " + cause.getMessage(), cause);
    }
}
