package com.espra.protoplex.files.upload.ledger;

import java.io.IOException;

/** A token is not good for this upload any more. */
public class TokenUsedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public TokenUsedException(String message) {
        super(message);
    }
}
