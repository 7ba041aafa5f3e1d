package com.espra.protoplex.api.http;

import com.espra.protoplex.api.stream.StreamHandler;

/** What becomes of a connection of a stream listener. */
public sealed interface StreamAdmission {

    /**
     * It is in flight in a backend.
     *
     * @param unit who serves it
     * @param generation which generation of it
     * @param handler serves it
     * @param ended to be called once, when the handler has returned
     */
    record Admitted(String unit, String generation, StreamHandler handler, Runnable ended) implements StreamAdmission {}

    /** It is closed: why. */
    enum Refused implements StreamAdmission {
        /** No unit claims the listener. */
        UNCLAIMED,
        /** Its unit is held, and too many wait already. */
        HELD
    }
}
