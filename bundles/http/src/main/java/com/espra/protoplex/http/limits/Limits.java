package com.espra.protoplex.http.limits;

import java.time.Duration;

/**
 * What clients may use up.
 *
 * @param headerBytes of a request's line and header; more gets 431
 * @param bodyBytes of a request's body, chunked or not; more gets 413
 * @param connections open at once in a group of listeners; beyond it, connections wait in the kernel's backlog until one closes
 * @param requests being answered at once in a group of listeners; more get 503
 * @param idle how long a connection may stay open without a request, or a read or write may wait for the client's first byte
 * @param minBytesPerSecond how fast a client must send a request and take a response, once the grace has passed
 * @param grace how long a client may be slower than it must be: a lost packet or a busy phone is no attack
 * @param threads platform threads at most; 0: chosen by the machine
 * @param kind what handlers do with their threads
 * @param accessLog whether each request is logged
 */
public record Limits(
        int headerBytes,
        long bodyBytes,
        int connections,
        int requests,
        Duration idle,
        long minBytesPerSecond,
        Duration grace,
        int threads,
        ThreadingModel kind,
        boolean accessLog) {

    /** The grace that clients get: seconds, and not configurable. */
    public static final Duration GRACE = Duration.ofSeconds(5);

    private static final int DEFAULT_REQUESTS = 16384;

    /** What holds unless configured. */
    public static final Limits DEFAULT = new Limits(
            16384,
            1L << 30,
            20000,
            DEFAULT_REQUESTS,
            Duration.ofSeconds(30),
            1024,
            GRACE,
            0,
            ThreadingModel.THREADS,
            true);

    /** Refuses what makes no sense, by name. */
    public Limits {
        atLeast(256, headerBytes, "headerBytes");
        atLeast(0, bodyBytes, "bodyBytes");
        atLeast(1, connections, "connections");
        atLeast(1, requests, "requests");
        atLeast(1, idle.toMillis(), "idleSeconds");
        atLeast(0, minBytesPerSecond, "minBytesPerSecond");
        atLeast(0, threads, "threads");
    }

    /** Those that concern a single client or connection; the standard for the rest. */
    public Limits(
            int headerBytes,
            long bodyBytes,
            int connections,
            Duration idle,
            long minBytesPerSecond,
            Duration grace,
            int threads,
            boolean accessLog) {
        this(
                headerBytes,
                bodyBytes,
                connections,
                DEFAULT_REQUESTS,
                idle,
                minBytesPerSecond,
                grace,
                threads,
                ThreadingModel.THREADS,
                accessLog);
    }

    /** The same with another number of requests at once. */
    public Limits withRequests(int other) {
        return new Limits(
                headerBytes, bodyBytes, connections, other, idle, minBytesPerSecond, grace, threads, kind, accessLog);
    }

    /** The same for another kind of handlers. */
    public Limits withKind(ThreadingModel other) {
        return new Limits(
                headerBytes,
                bodyBytes,
                connections,
                requests,
                idle,
                minBytesPerSecond,
                grace,
                threads,
                other,
                accessLog);
    }

    private static void atLeast(long least, long value, String name) {
        if (value < least) {
            throw new IllegalArgumentException("limits." + name + " is " + value + ": use " + least + " or more");
        }
    }
}
