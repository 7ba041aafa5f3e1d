package com.espra.protoplex.stream.connection;

import java.time.Duration;

/** A moment after which something takes too long, if it is set. Written by one thread, read by another. */
final class Deadline {

    private static final long NONE = 0;

    private volatile long at = NONE;

    void set(Duration within) {
        long end = System.nanoTime() + within.toNanos();
        at = end == NONE ? 1 : end;
    }

    void clear() {
        at = NONE;
    }

    boolean isOver(long now) {
        long end = at;
        return end != NONE && now - end > 0;
    }
}
