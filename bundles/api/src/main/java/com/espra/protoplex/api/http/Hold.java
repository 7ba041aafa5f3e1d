package com.espra.protoplex.api.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The new requests of a unit wait, before a byte of their bodies is read, until this ends. No thread waits with them. It is for the moment
 * in which neither of two generations can answer, because one has closed what the other has not opened yet.
 *
 * <p>It ends by {@link #release}, or by itself when its time has passed. Those that wait then go on, in the order in which they came, to the
 * backend that is live in that moment. A client that leaves, as far as its protocol says so, frees its place at once; HTTP/1.1 does not
 * (RFC 9112, section 9.6: a client may close its half of the connection and still wait for the answer), so there it is free at the end.
 *
 * <p>Threads: safe from any.
 */
@ProviderType
public interface Hold {

    /**
     * Completes when nothing is in flight in the backend that was live when the hold began. Nothing is broken off; but clients of upgraded
     * connections, which would not end by themselves, are asked to come again (WebSocket: 1012, RFC 6455 section 7.4), and wait then, too. Connections of stream listeners are asked to leave. Channels have
     * left.
     *
     * @param limit how long to wait, from now
     * @return how many are still in flight at the limit; 0 when all came to their end
     */
    CompletableFuture<Long> idle(Duration limit);

    /** Ends it, if it has not ended yet; says how it went. */
    Outcome release();

    /**
     * How much may wait. What comes beyond it gets 503 with {@code Retry-After}; a connection of a stream listener is closed.
     *
     * @param requests how many, connections of stream listeners among them
     * @param bytes of the heads of all of them
     * @param time after which the hold ends by itself
     */
    record Bounds(int requests, long bytes, Duration time) {}

    /**
     * How a hold went.
     *
     * @param time how long it lasted
     * @param requests how many waited, those that left included
     * @param longest how long the one waited that came first; zero if none did
     * @param refused how many were too many
     */
    record Outcome(Duration time, long requests, Duration longest, long refused) {}
}
