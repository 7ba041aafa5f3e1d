package com.espra.protoplex.proxy.server.gate;

import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.proxy.server.config.RouteText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * A route that an operator has closed.
 *
 * @param pattern as it was said
 */
public record Closure(Way way, String pattern, Instant since) {

    /** How. */
    public enum Way {
        /** Requests wait. */
        PAUSED,
        /** Requests are refused, and what is under way ends. */
        DRAINED
    }

    /** The requests that it is for. */
    public Route route() {
        return RouteText.pattern(pattern);
    }

    String line() {
        return way + " " + since + " " + pattern;
    }

    /** Of its line; empty if it is none. */
    static Optional<Closure> of(String line) {
        String[] words = line.strip().split(" ");
        if (words.length != 3) {
            return Optional.empty();
        }
        try {
            Closure closure = new Closure(Way.valueOf(words[0]), words[2], Instant.parse(words[1]));
            return closure.route().isStream() ? Optional.empty() : Optional.of(closure);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
