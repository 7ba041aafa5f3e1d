package com.espra.protoplex.files.upload.spool;

import java.io.IOException;

/** What is kept of an upload is not what was written: it cannot go on. */
final class DamagedStateException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedStateException(String message) {
        super(message);
    }
}
