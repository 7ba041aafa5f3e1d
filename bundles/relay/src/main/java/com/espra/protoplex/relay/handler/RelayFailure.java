package com.espra.protoplex.relay.handler;

import java.io.IOException;
import org.eclipse.jetty.io.QuietException;

/** Why an answer that had begun does not come to its end. It is an everyday thing, and no error of this node's. */
final class RelayFailure extends IOException implements QuietException {

    private static final long serialVersionUID = 1;

    RelayFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
