package com.espra.protoplex.seed.state;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Planned maintenance of the fleet or a part of it.
 *
 * @param app the app that it is of; empty: all
 * @param region the region that it is of; empty: all
 * @param readOnly whether methods that change nothing are let through
 * @param since when it began
 * @param until when it ends by itself; null when somebody ends it
 * @param message for people
 * @param key the sha256 of the key by which operators pass, in hexadecimal digits
 * @param by who began it
 */
public record PlannedOutage(
        String app,
        String region,
        boolean readOnly,
        Instant since,
        @Nullable Instant until,
        String message,
        String key,
        String by) {

    /** Whether it has not ended by then. */
    public boolean isOn(Instant now) {
        return until == null || now.isBefore(until);
    }

    /** Whether it is of a node in that region. */
    boolean isOf(String where) {
        return region.isEmpty() || region.equals(where);
    }

    /** As a node is told. */
    LinkFrame.Outage told() {
        return new LinkFrame.Outage(app, readOnly, until == null ? 0 : until.toEpochMilli(), message, key);
    }
}
