package com.espra.protoplex.http.exchange;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/** A connection that is not HTTP any more, and how it is ended. */
public final class UpgradedConnection {

    /** RFC 6455, section 7.4, and IANA's registry: the client may connect again, and will reach what serves now. */
    private static final int SERVICE_RESTART = 1012;

    private final Connection connection;
    private final AtomicBoolean asked = new AtomicBoolean();

    UpgradedConnection(Connection connection) {
        this.connection = connection;
    }

    /**
     * Asks the client to come again, and closes when that has been sent. Only once: a second frame would be refused, and what
     * closes upon it would cut off the first.
     */
    public void askToReconnect() {
        if (asked.compareAndSet(false, true) && !closeWebSocket()) {
            connection.close();
        }
    }

    /** Ends it, though nobody may read what it is asked. */
    void end() {
        if (asked.get()) {
            connection.close();
        } else {
            askToReconnect();
        }
    }

    private boolean closeWebSocket() {
        try {
            return WebSocket.close(connection);
        } catch (NoClassDefFoundError absent) {
            // A node without Jetty's WebSocket bundles has other upgraded connections at most.
            return false;
        }
    }

    /** Apart, so that its classes are linked only here: the bundles of the WebSocket protocol are optional. */
    private static final class WebSocket {

        static boolean close(Connection connection) {
            if (!(connection instanceof WebSocketConnection webSocket)) {
                return false;
            }
            Callback close = Callback.from(connection::close);
            webSocket.enqueueFrame(
                    new OutgoingEntry.Builder(new CloseStatus(SERVICE_RESTART, "Service restart").toFrame(), close)
                            .build());
            return true;
        }
    }
}
