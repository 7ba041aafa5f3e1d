package com.espra.protoplex.http;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/** Ends connections that are not HTTP any more. */
final class UpgradedConnections {

    /** RFC 6455, section 7.4, and IANA's registry: the client may connect again, and will reach what serves now. */
    private static final int SERVICE_RESTART = 1012;

    private UpgradedConnections() {}

    static void close(Connection connection) {
        if (!closeWebSocket(connection)) {
            connection.close();
        }
    }

    private static boolean closeWebSocket(Connection connection) {
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
