package com.espra.protoplex.api.http;

import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Sends the requests of a group of listeners to backends: one service for each group, which the service property
 * {@link #GROUP} names. Its table is immutable and behind one volatile field, so a request sees all of a change or nothing.
 *
 * <p>A <em>unit</em> (an app or a role) has at most one live backend, the one that gets new requests. Any number of others
 * may be draining or at rest.
 *
 * <p>Threads: safe from any. Changes are made one after the other; requests never wait for them.
 */
@ProviderType
public interface Dispatcher {

    /** Service property: the name of the group of listeners. */
    String GROUP = "protoplex.listeners";

    /** The group that the world reaches: ports 8080 and 8443. */
    String PUBLIC = "public";

    /** The group of the Seed's own port: 8060. */
    String SEED = "seed";

    /** The group of the Meta port, which only the fleet reaches: 8050. */
    String META = "meta";

    /** The group by which other processes of this node reach it. */
    String FLEET = "fleet";

    /**
     * Request attribute ({@code String}): the request's id, 1 to 64 characters. It is what the client sent as
     * {@link #REQUEST_ID_HEADER} if that is well formed, else made here. The response carries it too.
     */
    String REQUEST_ID = "protoplex.request.id";

    /**
     * Request attribute ({@code String}, printable ASCII, at most 256 characters): what the access log says of a request besides, at the end
     * of its line.
     */
    String NOTE = "protoplex.request.note";

    /** The header of the request's id, in requests and in responses. */
    String REQUEST_ID_HEADER = "X-Request-Id";

    /**
     * Makes a backend that no request reaches yet.
     *
     * @param unit the app or role
     * @param generation which generation of it, for logs and metrics
     */
    Backend open(String unit, String generation);

    /**
     * Sends the unit's new requests to this backend from now on: one volatile write. Requests in flight end where they began; channels
     * go over, which does not keep the caller: see {@link com.espra.protoplex.api.channel.ChannelReceiver}.
     *
     * @return the backend that served the unit before. It gets nothing new any more; {@link Backend#drain drain} it next
     * @throws RouteConflictException if one of its routes belongs to another unit; nothing has changed then
     * @throws IllegalStateException if the backend is closed
     */
    Optional<Backend> flip(Backend backend) throws RouteConflictException;

    /**
     * Takes the unit's routes away: its requests get 404 from now on.
     *
     * @return the backend that served it
     */
    Optional<Backend> withdraw(String unit);

    /**
     * Lets the unit's new requests wait from now on: one volatile write. {@link #flip} and {@link #withdraw} do not end that.
     *
     * @throws IllegalStateException if no backend of the unit is live, or its requests wait already
     */
    Hold hold(String unit, Hold.Bounds bounds);

    /**
     * Gives a connection of a stream listener to the live backend of the unit that claims it, where it is in flight from then on. While the
     * unit is held the caller waits.
     *
     * @param listener the listener's name
     * @param flight hears when it should end
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    StreamAdmission admit(String listener, StreamFlight flight) throws InterruptedException;

    /**
     * Sets the handler of the requests that no route claims, in place of the plain 404. It has the lowest precedence and is no
     * claim: an app that claims {@code /} simply gets the requests. The caller starts it with {@link Backend#start} of a
     * backend of its own, and takes it away (with {@code null}) before it stops it.
     *
     * @param handler one for the group: it replaces the one that was set before; {@code null} for the plain 404
     */
    void fallback(@Nullable Handler handler);

    /**
     * Sets who is asked for the requests that no route claims, before {@link #fallback} is. It is no claim, as that is none; but its requests
     * are in flight in the backend, and a connection that it upgrades is, until it closes. A handler that returns {@code false} leaves the
     * request to the fallback: it must have read and written nothing then.
     *
     * @param backend one of this dispatcher's, which has started the handler; {@link #flip} is not needed. {@code null} with a {@code null}
     *     handler: nobody is asked
     */
    void unclaimed(@Nullable Backend backend, @Nullable Handler handler);

    /**
     * Serves a request that another group of listeners has let in, and another node has passed on, as if its client had come here: by the
     * routes, as the node's operators have ordered, on the threads of this group's handlers. Who is asked for what nobody claims is not asked:
     * what was passed on once is not passed on again. The caller has checked who it is from.
     *
     * @param request as the caller's handler was given it. It is in flight here from now on, and no more in the caller's backend
     */
    void serve(Request request, Response response, Callback callback, OriginalClient client);

    /** What is served now, in no order. */
    List<Claim> claims();

    /** Requests that got 503 because the group or the process was overloaded, since the group began. */
    long shed();

    /**
     * Connections that were closed because there was no memory for what all clients together had begun and not ended: TLS handshakes,
     * request heads, bodies that no handler reads.
     */
    long disconnected();

    /**
     * Requests that were none, for how they were written: refused before any unit heard of them, with 400 and the end of the connection, and
     * over HTTP/2 with an error of the stream (RFC 9113, section 8.1.1).
     */
    long malformed();

    /** What became of the requests of each unit that has a backend. */
    List<UnitTraffic> traffic();

    /** What became of the channels of each unit that has a backend. */
    List<ChannelTraffic> channels();

    /**
     * A route that is served now.
     *
     * @param route the route
     * @param unit who serves it
     * @param generation which generation of it
     */
    record Claim(Route route, String unit, String generation) {}
}
