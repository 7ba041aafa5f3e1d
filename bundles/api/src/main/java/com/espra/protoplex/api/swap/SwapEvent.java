package com.espra.protoplex.api.swap;

import java.time.Duration;
import java.time.Instant;

/**
 * One thing that happened in a swap. Every step begins, and then is done or has failed.
 *
 * @param time when
 * @param unit the app or role
 * @param version the version of the generation that the step is about (of the old one, for DRAIN, REST and REMOVE)
 * @param generation the generation that the step is about; empty before it has one
 * @param step the step
 * @param state how the step stands
 * @param detail for people: progress, the cause of a failure and its remedy; may be empty
 * @param elapsed since the step began; zero at its beginning
 */
public record SwapEvent(
        Instant time,
        String unit,
        String version,
        String generation,
        Step step,
        State state,
        String detail,
        Duration elapsed) {

    /** How a step stands. */
    public enum State {
        /** It began. */
        BEGUN,
        /** It goes on; the detail says how far it is. */
        PROGRESS,
        /** It is done. */
        DONE,
        /** It failed; the detail says why. */
        FAILED
    }
}
