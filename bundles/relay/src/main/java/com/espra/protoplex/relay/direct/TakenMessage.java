package com.espra.protoplex.relay.direct;

import com.espra.protoplex.api.relay.Prologue;
import com.espra.protoplex.api.relay.Target;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a director what a target said. */
public final class TakenMessage {

    private static final Logger LOG = LoggerFactory.getLogger(TakenMessage.class);

    private TakenMessage() {}

    /** Tells it, if it is not empty. */
    public static void tell(Prologue to, Target target, String host, byte[] message) {
        if (message.length == 0) {
            return;
        }
        try {
            to.taken(target, host, message);
        } catch (RuntimeException e) {
            LOG.error("A message of {} was lost, because the director failed: its role has an error", target, e);
        }
    }
}
