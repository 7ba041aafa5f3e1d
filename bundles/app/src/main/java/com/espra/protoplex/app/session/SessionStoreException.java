package com.espra.protoplex.app.session;

import java.io.IOException;

/** A session could not be stored; the message says what was in the way. */
final class SessionStoreException extends IOException {
    SessionStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
