package com.espra.protoplex.files.upload.spool;

import java.io.IOException;

/** What is on the disk is not what came: the upload must begin anew. */
final class DamagedBodyException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedBodyException(String message) {
        super(message);
    }
}
