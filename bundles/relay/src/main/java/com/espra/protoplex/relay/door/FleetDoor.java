package com.espra.protoplex.relay.door;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.relay.head.FleetProof;
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
        immediate = true,
        configurationPid = FleetProof.PID)
public final class FleetDoor {

    private final Dispatcher world;
    private final FleetProof proof;

    /** @param world what this process serves to the world */
    @Activate
    public FleetDoor(
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")") Dispatcher world,
            FleetProof.Config config) {
        this.world = world;
        this.proof = new FleetProof(config.tokenFile());
    }

    /** Opens the door on a group of listeners. A handler belongs to the server of its group. */
    @Reference(
            target = "(|(" + Dispatcher.GROUP + "=" + Dispatcher.META + ")(" + Dispatcher.GROUP + "=" + Dispatcher.FLEET
                    + "))",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    public void addDispatcher(Dispatcher fleet) throws Exception {
        DoorRoute.open(fleet, new DoorHandler(world::serve, proof));
    }

    public void removeDispatcher(Dispatcher fleet) {
        DoorRoute.close(fleet);
    }
}
