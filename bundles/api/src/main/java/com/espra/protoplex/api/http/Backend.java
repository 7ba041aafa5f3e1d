package com.espra.protoplex.api.http;

import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.stream.StreamHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.Handler;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The traffic of one generation: its endpoints, and the count of what is in flight.
 *
 * <p>In flight is everything that the generation's code may still run for: a request until its response is complete
 * (asynchronous and streaming ones included), an upgraded connection (RFC 9110, section 7.8) until it closes, and the connection of a stream
 * listener until its handler has returned. A channel is in flight
 * in the generation whose receiver has it, and leaves with a flip.
 *
 * <p>Threads: safe from any.
 */
@ProviderType
public interface Backend extends AutoCloseable {

    /** The app or role. */
    String unit();

    /** The generation. */
    String generation();

    /**
     * The part of this traffic that comes by the listeners of another group: its handlers are started and stopped there. Endpoints are
     * given to the whole ({@link #serve}), and each goes where its routes say.
     *
     * @param group {@link Dispatcher#PUBLIC}, which is the default, or a group that node.json names
     * @throws IllegalArgumentException if this node has no listener of that group
     */
    default Backend at(String group) {
        if (group.equals(Dispatcher.PUBLIC)) {
            return this;
        }
        throw new IllegalArgumentException("no listener of this node is of the group '" + group + "'");
    }

    /**
     * Gives a handler the server of these listeners (threads, buffers, scheduler) and starts it. {@link #close} stops it.
     *
     * @throws Exception whatever the handler throws at its start; it is stopped again then
     */
    void start(Handler handler) throws Exception;

    /** Stops a handler that {@link #start} started; nothing happens if it did not. */
    void stop(Handler handler);

    /**
     * A handler that lets clients open channels to this receiver. It is for an endpoint of this backend as any other is, and needs no start.
     */
    Handler channels(ChannelReceiver receiver);

    /**
     * A handler that stands for this one in an endpoint whose routes are {@linkplain Route#stream streams}. It needs no start, and no request
     * reaches it.
     */
    Handler streams(StreamHandler handler);

    /**
     * Replaces the endpoints. When the backend is live, the table changes at once; a route that belongs to another unit is
     * left out then, and logged.
     */
    void serve(List<Endpoint> endpoints);

    /** The endpoints that were set last. */
    List<Endpoint> endpoints();

    /** Requests, upgraded connections, channels and connections of stream listeners in flight now. */
    long inFlight();

    /** Requests and connections of stream listeners begun since the backend was opened. */
    long served();

    /**
     * Completes when nothing is in flight. What is still there when the deadline passes is broken off: requests are aborted,
     * upgraded connections closed (WebSocket: 1012, RFC 6455 section 7.4), connections of stream listeners, which are asked to leave at
     * once, closed as well. Call it once the backend is no longer live.
     *
     * @param deadline how long to wait, from now
     * @return how many were broken off, 0 when all came to their end
     */
    CompletableFuture<Long> drain(Duration deadline);

    /** Stops the handlers and lets go of everything. Does not wait: {@link #drain} first. */
    @Override
    void close();
}
