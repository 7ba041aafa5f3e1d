package com.espra.protoplex.swap.engine;

import java.time.Duration;

/**
 * What the operator decides, and the limits of the steps that a release does not set itself.
 *
 * @param restKeep how many generations of a unit are kept at rest, at most
 * @param rest how long a generation is kept at rest
 * @param install how long preflight and installation may take, each
 * @param remove how long a removal is waited for; it goes on behind the scenes after that
 */
public record SwapPolicy(int restKeep, Duration rest, Duration install, Duration remove) {

    /** The usual limits. */
    public static SwapPolicy keeping(int restKeep, Duration rest) {
        return new SwapPolicy(restKeep, rest, Duration.ofSeconds(60), Duration.ofSeconds(10));
    }
}
