package com.espra.protoplex.relay.door;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.relay.head.FleetCredentials;
import com.espra.protoplex.relay.head.NodeHead;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Lets other nodes relay to what this process serves to the world: on the listeners that only the fleet reaches, at a host of its own, so that
 * paths stay as they are.
 */
@Component(
        service = {},
        immediate = true)
public final class FleetDoor {

    private final Dispatcher world;
    private final FleetCredentials credentials;
    private final DoorKey key;

    /** @param world what this process serves to the world */
    @Activate
    public FleetDoor(
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")") Dispatcher world,
            @Reference FleetCredentials credentials,
            @Reference DoorKey key) {
        this.world = world;
        this.credentials = credentials;
        this.key = key;
    }

    /** Opens the door on a group of listeners. A handler belongs to the server of its group. */
    @Reference(
            target = "(|(" + Dispatcher.GROUP + "=" + Dispatcher.META + ")(" + Dispatcher.GROUP + "=" + Dispatcher.FLEET
                    + "))",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    public void addDispatcher(Dispatcher fleet) throws Exception {
        DoorRoute.open(fleet, new DoorHandler(world::serve, this::refusal));
    }

    private Optional<String> refusal(Request request) throws IOException {
        boolean ofParent = !request.isSecure() && key.is(request.getHeaders().get(NodeHead.PROOF));
        return ofParent ? Optional.empty() : credentials.refusal(request);
    }

    public void removeDispatcher(Dispatcher fleet) {
        DoorRoute.close(fleet);
    }
}
