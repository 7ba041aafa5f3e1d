package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.Channel.Protocol;
import com.espra.protoplex.http.connector.JettyServices;
import com.espra.protoplex.http.exchange.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

/** A request that is to become a WebSocket (RFC 6455, section 4; over HTTP/2: RFC 8441). */
final class WebSocketOpening implements Opening {

    private static final String PROTOCOL = "websocket";
    private static final String VERSION = "13";

    private final Exchange exchange;
    private final Response response;
    private final Callback callback;

    WebSocketOpening(Exchange exchange, Response response, Callback callback) {
        this.exchange = exchange;
        this.response = response;
        this.callback = callback;
    }

    static boolean isAskedFor(Request request) {
        return PROTOCOL.equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))
                || HttpMethod.CONNECT.is(request.getMethod());
    }

    /** What keeps the handshake from succeeding; empty if nothing does. */
    static String problem(Request request) {
        if (!VERSION.equals(request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_VERSION))) {
            return "Sec-WebSocket-Version is not " + VERSION;
        }
        boolean http1 =
                request.getConnectionMetaData().getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion();
        if (http1 && request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY) == null) {
            return "Sec-WebSocket-Key is missing";
        }
        return mappings(request).getHandshaker().isWebSocketUpgradeRequest(request)
                ? ""
                : "This is no handshake of a WebSocket";
    }

    private static WebSocketMappings mappings(Request request) {
        Server server = request.getConnectionMetaData().getConnector().getServer();
        return JettyServices.see(
                () -> new WebSocketMappings(WebSocketServerComponents.ensureWebSocketComponents(server)));
    }

    @Override
    public Protocol protocol() {
        return Protocol.WEBSOCKET;
    }

    @Override
    public void accept(OpenChannel channel) {
        WebSocketWire wire = new WebSocketWire(channel);
        try {
            if (mappings(exchange).upgrade(new Negotiator(wire), exchange, response, callback, null)) {
                return;
            }
        } catch (RuntimeException e) {
            callback.failed(e);
            channel.gone(OpenChannel.ABNORMAL, "");
            return;
        }
        refuse(HttpStatus.BAD_REQUEST_400, "This is no handshake of a WebSocket", Map.of());
        channel.gone(OpenChannel.ABNORMAL, "");
    }

    @Override
    public void refuse(int status, String reason, Map<String, String> fields) {
        fields.forEach(response.getHeaders()::put);
        Response.writeError(exchange, response, callback, status, reason);
    }

    /** What an idle WebSocket costs is decided here. */
    private record Negotiator(WebSocketWire wire) implements WebSocketNegotiator {

        @Override
        public FrameHandler negotiate(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
            // A compressor for each would be larger than all else of it.
            response.setExtensions(List.of());
            return wire;
        }

        @Override
        public void customize(Configuration configuration) {
            // The wheel comes by, in place of a timer for each.
            configuration.setIdleTimeout(Duration.ZERO);
            configuration.setMaxFrameSize(Channel.MESSAGE_BYTES);
            configuration.setMaxTextMessageSize(Channel.MESSAGE_BYTES);
            configuration.setMaxBinaryMessageSize(Channel.MESSAGE_BYTES);
        }
    }
}
