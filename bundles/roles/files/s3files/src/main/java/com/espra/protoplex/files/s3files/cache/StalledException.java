package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.api.blob.BlobUnavailableException;

/** Nothing came of a file for too long. */
public final class StalledException extends BlobUnavailableException {

    private static final long serialVersionUID = 1L;

    StalledException() {
        super("the store of files is too slow: try again");
    }
}
