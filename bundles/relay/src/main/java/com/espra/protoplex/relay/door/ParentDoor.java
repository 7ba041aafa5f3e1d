package com.espra.protoplex.relay.door;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.peer.Peer;
import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.handler.RelayHandler;
import com.espra.protoplex.relay.handler.RelayMeters;
import com.espra.protoplex.relay.head.FleetCredentials;
import com.espra.protoplex.relay.head.NodeProof;
import com.espra.protoplex.relay.upstream.TargetKey;
import com.espra.protoplex.relay.upstream.Upstream;
import com.espra.protoplex.relay.upstream.UpstreamLimits;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The door of a node with children, which is in the parent, on each listener that only the fleet reaches: what comes in is relayed on to a
 * child, by that one's own door.
 */
@Component(
        service = {},
        immediate = true)
public final class ParentDoor {

    private final Dispatcher meta;
    private final ChildDoors children = new ChildDoors();
    private final Upstream upstream;
    private final RelayHandler relay;
    private final FleetCredentials credentials;

    /** Opens the door on Meta. */
    @Activate
    public ParentDoor(
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.META + ")") Dispatcher meta,
            @Reference Node node,
            @Reference RelayMeters meters,
            @Reference FleetCredentials credentials)
            throws Exception {
        this.meta = meta;
        this.credentials = credentials;
        Directors directors = new Directors();
        directors.setDirector(
                request -> new Decision.Later(children.targets().thenApply(targets -> new Decision.Relay(targets))));
        DoorHandler[] made = new DoorHandler[1];
        upstream = new Upstream(() -> RelayHandler.connections(made[0].getServer()), UpstreamLimits.USUAL);
        relay = new RelayHandler(
                directors, node.name().toLowerCase(Locale.ROOT) + ".parent", upstream, new ToChildren(), meters);
        made[0] = door();
        DoorRoute.open(meta, made[0]);
    }

    private DoorHandler door() {
        return new DoorHandler(
                (request, response, callback, client) ->
                        relay.handle(new PassedOnRequest(request, client), response, callback),
                credentials::refusal);
    }

    /** By what children believe their parent. */
    private final class ToChildren implements NodeProof {

        @Override
        public TargetKey key(Target child) {
            return TargetKey.of(child.address());
        }

        @Override
        public String of(Target child) throws IOException {
            String key = children.key(child);
            return key.isEmpty() ? credentials.of(child) : key;
        }
    }

    /** Opens the door on what other machines reach. A handler belongs to the server of its group. */
    @Reference(
            target = "(" + Dispatcher.GROUP + "=" + Dispatcher.FLEET + ")",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    public void addDispatcher(Dispatcher fleet) throws Exception {
        DoorRoute.open(fleet, door());
    }

    public void removeDispatcher(Dispatcher fleet) {
        DoorRoute.close(fleet);
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
