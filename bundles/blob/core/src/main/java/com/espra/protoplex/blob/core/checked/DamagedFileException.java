package com.espra.protoplex.blob.core.checked;

import java.io.IOException;

/** A file is not as it was written, or was never finished. */
public class DamagedFileException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Which file, and what of it. */
    public DamagedFileException(String message) {
        super(message);
    }
}
