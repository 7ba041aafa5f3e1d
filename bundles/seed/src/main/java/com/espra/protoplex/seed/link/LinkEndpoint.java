package com.espra.protoplex.seed.link;

import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.web.SeedHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

/**
 * Where nodes open their links. Jetty's core of the protocol is enough for that, and its bundles, unlike those of Jetty's WebSocket API,
 * resolve in a framework without a service loader mediator.
 */
public final class LinkEndpoint implements SeedHandler.LinkUpgrade {

    private final WebSocketNegotiator negotiator;

    /**
     * Opens links into a fleet.
     *
     * @param fleet what the nodes belong to
     * @param loop changes it
     */
    public LinkEndpoint(Fleet fleet, FleetLoop loop) {
        negotiator = WebSocketNegotiator.from(
                (request, response, callback) -> new LinkSession(fleet, loop),
                (session, request, response) -> (FrameHandler) session);
    }

    @Override
    public boolean upgrade(Request request, Response response, Callback callback) {
        Server server = request.getConnectionMetaData().getConnector().getServer();
        WebSocketMappings mappings = new WebSocketMappings(WebSocketServerComponents.ensureWebSocketComponents(server));
        return mappings.upgrade(negotiator, request, response, callback, new Configuration.ConfigurationCustomizer());
    }
}
