package com.espra.protoplex.fleet.config;

import com.espra.protoplex.json.Nearest;
import java.util.Collection;
import java.util.Optional;

/** What somebody may have meant. */
final class NearestName {

    private static final int SHOWN = 80;

    private NearestName() {}

    /** The name that takes the fewest letters to add, drop or change; empty if there are no names. */
    static Optional<String> of(String typed, Collection<String> names) {
        String clean = shown(typed);
        return Nearest.of(clean, names, Integer.MAX_VALUE);
    }

    /** The text as it can be put into a message. */
    static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "...";
    }
}
