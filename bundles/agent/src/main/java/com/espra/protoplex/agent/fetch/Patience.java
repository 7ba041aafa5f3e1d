package com.espra.protoplex.agent.fetch;

import java.time.Duration;

/**
 * How long a fetch bears with the Seed.
 *
 * @param answer until the head of a response is there
 * @param window in each such span of a body ...
 * @param windowBytes ... at least so much must come
 * @param attempts that may fail in a row, none of which brought a byte
 * @param pause after the first of them; it doubles
 */
public record Patience(Duration answer, Duration window, long windowBytes, int attempts, Duration pause) {

    /** What nodes use. */
    public static final Patience DEFAULT =
            new Patience(Duration.ofSeconds(10), Duration.ofSeconds(15), 16 * 1024, 5, Duration.ofMillis(200));
}
