package com.espra.protoplex.test.agent;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrameCodec;
import com.espra.protoplex.fleet.link.LinkFrameException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** A Seed of one port, link and files, on a real Jetty, which wants to see its endpoints' classes: hence public. */
public final class FakeSeed implements AutoCloseable {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    final Map<String, byte[]> contents = new ConcurrentHashMap<>();
    final List<Peer> peers = new CopyOnWriteArrayList<>();

    /** One link. */
    public static final class Peer extends Session.Listener.AbstractAutoDemanding {
        final List<LinkFrame> frames = new CopyOnWriteArrayList<>();
        volatile String closed = "";
        volatile Runnable onClose = () -> {};

        @Override
        public void onWebSocketText(String text) {
            try {
                frames.add(LinkFrameCodec.read(text));
            } catch (LinkFrameException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void onWebSocketClose(int code, String reason, org.eclipse.jetty.websocket.api.Callback callback) {
            closed = code + " " + reason;
            onClose.run();
            callback.succeed();
        }

        void say(LinkFrame frame) throws LinkFrameException {
            getSession().sendText(LinkFrameCodec.write(frame), org.eclipse.jetty.websocket.api.Callback.NOOP);
        }

        <F extends LinkFrame> List<F> all(Class<F> kind) {
            return frames.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }

    FakeSeed() throws Exception {
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        WebSocketUpgradeHandler links = WebSocketUpgradeHandler.from(
                server,
                container -> container.addMapping("/v1/link", (request, response, callback) -> {
                    Peer peer = new Peer();
                    peers.add(peer);
                    return peer;
                }));
        links.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                byte[] content = contents.get(Request.getPathInContext(request));
                if (content == null) {
                    Response.writeError(request, response, callback, 404);
                } else {
                    response.write(true, ByteBuffer.wrap(content), callback);
                }
                return true;
            }
        });
        server.setHandler(links);
        server.start();
    }

    String address() {
        return "localhost:" + connector.getLocalPort();
    }

    Peer last() {
        return peers.get(peers.size() - 1);
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
