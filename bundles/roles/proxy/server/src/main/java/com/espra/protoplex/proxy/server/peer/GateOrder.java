package com.espra.protoplex.proxy.server.peer;

import com.espra.protoplex.proxy.server.gate.ClosedRoutes;
import com.espra.protoplex.proxy.server.gate.Closure;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * What an operator wants of a route. Said twice it is the same as once.
 *
 * @param word what becomes of it
 * @param pattern the route, without blanks
 */
public record GateOrder(Word word, String pattern) {

    /** Where a proxy is told of it by a call: PUT. */
    public static final String PATH = "/gates";

    /** What becomes of a route. */
    public enum Word {
        /** Its requests wait. */
        PAUSE,
        /** Its requests are refused. */
        DRAIN,
        /** Its requests go on. */
        RESUME
    }

    /**
     * Reads what {@link #text} has written.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static GateOrder read(String text) {
        String[] words = text.split(" ", -1);
        if (words.length != 2) {
            throw new IllegalArgumentException("what a route is to be takes two words");
        }
        return Arrays.stream(Word.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(words[0]))
                .map(each -> new GateOrder(each, words[1]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a route is to pause, drain or resume"));
    }

    /** Two words: what becomes of it, and the route. */
    public String text() {
        return word.name().toLowerCase(Locale.ROOT) + " " + pattern;
    }

    /**
     * Carries it out on this node.
     *
     * @return false if there was nothing to resume
     * @throws IllegalArgumentException if the pattern is none
     */
    public boolean apply(ClosedRoutes gates) throws IOException {
        switch (word) {
            case PAUSE -> gates.close(Closure.Way.PAUSED, pattern);
            case DRAIN -> gates.close(Closure.Way.DRAINED, pattern);
            case RESUME -> {
                return gates.open(pattern);
            }
        }
        return true;
    }
}
