package com.espra.protoplex.agent.link;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrameCodec;
import com.espra.protoplex.fleet.link.LinkFrameException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** The Seed's end of the link, on a real Jetty, which wants to see its endpoints' classes: hence public. */
public final class WebSocketSeed implements AutoCloseable {

    static final String TOKEN = "let-me-in";

    private final Server server = new Server();
    private final ServerConnector connector;
    final List<Peer> peers = new CopyOnWriteArrayList<>();

    /** One connection. */
    public static final class Peer extends Session.Listener.AbstractAutoDemanding {
        final List<LinkFrame> frames = new CopyOnWriteArrayList<>();
        volatile String closed = "";

        @Override
        public void onWebSocketText(String text) {
            try {
                frames.add(LinkFrameCodec.read(text));
            } catch (LinkFrameException e) {
                getSession().close(1002, e.getMessage(), Callback.NOOP);
            }
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            closed = code + " " + reason;
            callback.succeed();
        }

        void say(LinkFrame frame) throws LinkFrameException {
            getSession().sendText(LinkFrameCodec.write(frame), Callback.NOOP);
        }

        void sayRaw(String text) {
            getSession().sendText(text, Callback.NOOP);
        }

        void close(int code, String reason) {
            getSession().close(code, reason, Callback.NOOP);
        }

        /** Breaks the connection, as a cable does. */
        void cut() {
            getSession().disconnect();
        }

        <F extends LinkFrame> List<F> all(Class<F> kind) {
            return frames.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }

    WebSocketSeed(int port) throws Exception {
        connector = new ServerConnector(server, 1, 1);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.addMapping("/v1/link", (request, response, callback) -> {
                if (!("Bearer " + TOKEN).equals(request.getHeaders().get("Authorization"))) {
                    response.setStatus(401);
                    callback.succeeded();
                    return null;
                }
                Peer peer = new Peer();
                peers.add(peer);
                return peer;
            });
        }));
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    Peer last() {
        return peers.get(peers.size() - 1);
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
