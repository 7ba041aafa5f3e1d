package com.espra.protoplex.test.command;

import java.util.concurrent.locks.LockSupport;

/**
 * What clients do between two requests, unless a test is about saturation: they are many enough to meet every moment of what is tested,
 * which has to share the processors with them.
 */
final class Pause {

    private static final long NANOS = 4_000_000;

    private Pause() {}

    static void betweenRequests() {
        LockSupport.parkNanos(NANOS);
    }
}
