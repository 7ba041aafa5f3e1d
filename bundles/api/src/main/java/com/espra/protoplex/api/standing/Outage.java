package com.espra.protoplex.api.standing;

import java.time.Instant;

/**
 * Planned maintenance: in place of apps, the node answers 503.
 *
 * @param app the app that it is of; empty: all that the public listeners serve
 * @param readOnly whether methods that change nothing are let through (RFC 9110, section 9.2.1)
 * @param until when it ends by itself, by this node's clock; {@link Instant#MAX} when nobody knows
 * @param message for people; plain text
 * @param key the sha256 of the key by which operators pass, in hexadecimal digits; empty: nobody passes
 */
public record Outage(String app, boolean readOnly, Instant until, String message, String key) {

    /** Whether it has not ended by then. */
    public boolean isOn(Instant now) {
        return now.isBefore(until);
    }
}
