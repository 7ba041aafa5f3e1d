package com.espra.protoplex.relay.door;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.peer.Peer;
import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.handler.RelayHandler;
import com.espra.protoplex.relay.handler.RelayMeters;
import com.espra.protoplex.relay.head.FleetProof;
import com.espra.protoplex.relay.upstream.Upstream;
import com.espra.protoplex.relay.upstream.UpstreamLimits;
import java.util.Locale;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The door of a node with children, which is in the parent: what comes in is relayed on to a child, by that one's own door. */
@Component(
        service = {},
        immediate = true,
        configurationPid = FleetProof.PID)
public final class ParentDoor {

    private final Dispatcher meta;
    private final ChildDoors children = new ChildDoors();
    private final Upstream upstream;

    /** Opens the door. */
    @Activate
    public ParentDoor(
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.META + ")") Dispatcher meta,
            @Reference Node node,
            @Reference RelayMeters meters,
            FleetProof.Config config)
            throws Exception {
        this.meta = meta;
        FleetProof proof = new FleetProof(config.tokenFile());
        Directors directors = new Directors();
        directors.setDirector(
                request -> new Decision.Later(children.targets().thenApply(targets -> new Decision.Relay(targets))));
        DoorHandler[] made = new DoorHandler[1];
        upstream = new Upstream(() -> RelayHandler.connections(made[0].getServer()), UpstreamLimits.USUAL);
        RelayHandler relay =
                new RelayHandler(directors, node.name().toLowerCase(Locale.ROOT) + ".parent", upstream, proof, meters);
        DoorHandler door = new DoorHandler(
                (request, response, callback, client) ->
                        relay.handle(new PassedOnRequest(request, client), response, callback),
                proof);
        made[0] = door;
        DoorRoute.open(meta, door);
    }

    /** A child is connected: without one this is no parent, and there is nothing to pass on. */
    @Reference(
            target = "(&(" + Peer.NAME + "=*)(" + Peer.GROUP + "=" + Peer.SERVING + "))",
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC)
    public void addChild(Peer child, Map<String, Object> properties) {
        children.add(String.valueOf(properties.get(Peer.NAME)), child);
    }

    public void removeChild(Peer child) {
        children.remove(child);
    }

    @Deactivate
    public void close() {
        DoorRoute.close(meta);
        upstream.close();
    }
}
