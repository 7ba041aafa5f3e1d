package com.espra.protoplex.seed.link;

import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.enrol.CertifiedNode;
import com.espra.protoplex.seed.enrol.Enrolments;
import com.espra.protoplex.seed.nodes.Closing;
import com.espra.protoplex.seed.web.SeedHandler;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
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
    private final Set<LinkSession> certified = ConcurrentHashMap.newKeySet();

    /**
     * Opens links into a fleet.
     *
     * @param fleet what the nodes belong to
     * @param loop changes it
     * @param enrolments judges who has shown a certificate, and remembers those that it does not know
     */
    public LinkEndpoint(Fleet fleet, FleetLoop loop, Enrolments enrolments) {
        negotiator = WebSocketNegotiator.from(
                (request, response, callback) -> new LinkSession(fleet, loop, enrolments, node(request), certified),
                (session, request, response) -> (FrameHandler) session);
    }

    private static Optional<CertifiedNode> node(Request request) {
        return request.getAttribute(SeedHandler.NODE) instanceof CertifiedNode node
                ? Optional.of(node)
                : Optional.empty();
    }

    /** The node that has a link by this name, and has shown a certificate for it. */
    public Optional<CertifiedNode> live(String name) {
        return certified.stream()
                .flatMap(session -> session.certified().stream())
                .filter(node -> node.node().equals(name))
                .findFirst();
    }

    /** Ends the links of a key that was revoked, at once. */
    public void revoked(String key) {
        end(node -> node.key().equals(key), "the certificate of this node was revoked");
    }

    /** Ends the links whose certificates have ended: a node that has renewed its own comes back with that. */
    public void expire(Instant now) {
        end(node -> now.isAfter(node.until()), "the certificate of this link has ended; connect with the next one");
    }

    private void end(Predicate<CertifiedNode> which, String why) {
        for (LinkSession session : certified) {
            session.certified().filter(which).ifPresent(node -> session.expel(Closing.CERTIFICATE, why));
        }
    }

    @Override
    public boolean upgrade(Request request, Response response, Callback callback) {
        Server server = request.getConnectionMetaData().getConnector().getServer();
        WebSocketMappings mappings = new WebSocketMappings(WebSocketServerComponents.ensureWebSocketComponents(server));
        return mappings.upgrade(negotiator, request, response, callback, new Configuration.ConfigurationCustomizer());
    }
}
