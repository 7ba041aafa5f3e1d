package com.espra.protoplex.files.vhostfiles;

import com.espra.protoplex.files.vhostfiles.known.Lookups;
import java.time.Duration;

/** How long what is known holds: long while Live tells of changes, short until it does. */
final class Hearing {

    private static final Lookups.Shelf WITH_LIVE = new Lookups.Shelf(Duration.ofHours(1), Duration.ofMinutes(10));
    private static final Lookups.Shelf ALONE = new Lookups.Shelf(Duration.ofSeconds(5), Duration.ofSeconds(5));

    private volatile boolean hears;

    /** From now on it is told what changes. */
    void begins() {
        hears = true;
    }

    /** It is told nothing any more. */
    void ends() {
        hears = false;
    }

    /** @param isTold whether changes of this name can be told */
    Lookups.Shelf shelf(boolean isTold) {
        return hears && isTold ? WITH_LIVE : ALONE;
    }
}
