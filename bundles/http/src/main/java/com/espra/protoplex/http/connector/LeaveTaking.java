package com.espra.protoplex.http.connector;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;

/**
 * Asks the clients that speak HTTP/2 to begin no further stream, without saying which is the last: those that are on their way are served
 * (RFC 9113, section 6.8). Jetty asks so, too, but names the last one at once when none is open. A PING goes along, for whoever answers it
 * has read what came before it: a client is as late as its processor is busy. What a client will speak whose TLS handshake goes on is not
 * known yet: such ones are waited for, or Jetty would close them as it does with whoever says nothing while a connector shuts down.
 */
final class LeaveTaking implements HTTP2Session.FrameListener {

    /** For clients that answer no PING, or do not end their handshake. */
    private static final long PATIENCE_SECONDS = 5;

    /** From the answer on, for a stream that another thread of the client has just begun. Longer than a packet takes to nearly everybody and back. */
    private static final long ROUND_TRIP_MILLIS = 500;

    private static final long AGAIN_MILLIS = 20;

    /** Tells the answer to this PING from that to another. */
    private static final long MARK = 0x6c65_6176_696e_6721L;

    private final ServerConnector connector;
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private final long begin = NanoTime.now();

    // Of one thread at a time: each look schedules the next.
    private final Set<Connection> asked = new HashSet<>();
    private boolean shook;

    /** Who was asked and has not answered. */
    private final Set<Session> silent = ConcurrentHashMap.newKeySet();

    private LeaveTaking(ServerConnector connector) {
        this.connector = connector;
    }

    /** Completed when there is nobody left to be asked, and whatever those who were asked had begun before they heard it has come. */
    static CompletableFuture<Void> from(ServerConnector connector) {
        LeaveTaking leave = new LeaveTaking(connector);
        leave.look();
        return leave.left;
    }

    private void look() {
        boolean shakes = false;
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            Connection outer = endPoint.getConnection();
            Connection inner =
                    outer instanceof SslConnection tls ? tls.getSslEndPoint().getConnection() : outer;
            if (inner instanceof HTTP2Connection connection && asked.add(connection)) {
                ask(connection.getSession());
            }
            shakes |= inner instanceof NegotiatingServerConnection;
        }
        shook |= shakes;
        silent.removeIf(session ->
                session instanceof HTTP2Session http2 && !http2.getEndPoint().isOpen());
        if ((shakes || !silent.isEmpty()) && NanoTime.since(begin) < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
            connector.getScheduler().schedule(this::look, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        } else if (asked.isEmpty() && !shook) {
            left.complete(null);
        } else {
            connector.getScheduler().schedule(() -> left.complete(null), ROUND_TRIP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void ask(HTTP2Session session) {
        silent.add(session);
        session.addEventListener(this);
        // Not at once with the PING: Jetty would let that go before.
        session.frames(
                null,
                List.of(GoAwayFrame.GRACEFUL),
                Callback.from(() -> session.ping(new PingFrame(MARK, false), Callback.NOOP)));
    }

    @Override
    public void onIncomingFrame(Session session, Frame frame) {
        if (frame instanceof PingFrame ping && ping.isReply() && ping.getPayloadAsLong() == MARK) {
            silent.remove(session);
        }
    }
}
