package com.espra.protoplex.http.channel;

import org.jspecify.annotations.Nullable;

/**
 * Where the channels of a unit are to be: one of these is the newest, and each channel follows it in a turn of its own. No record: two of one
 * kind are two.
 */
final class Move {

    /** What the channels of a unit do. */
    enum Phase {
        /** Messages are delivered to the owner. */
        FLOW,
        /** What is being handled ends, while all are still there. Messages wait from here on. */
        PAUSE,
        /** Each leaves its receiver. */
        GATHER,
        /** Each is adopted by the owner's receiver. */
        SPREAD,
        /** The unit is served no more. */
        GONE
    }

    final Phase phase;
    final @Nullable ChannelOwner owner;

    Move(Phase phase, @Nullable ChannelOwner owner) {
        this.phase = phase;
        this.owner = owner;
    }

    boolean flows() {
        return phase == Phase.FLOW;
    }
}
