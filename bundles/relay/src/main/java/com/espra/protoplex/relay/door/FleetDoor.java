package com.espra.protoplex.relay.door;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.relay.head.FleetProof;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Lets other nodes relay to what this process serves to the world: on the listeners that only the fleet reaches, at a host of its own, so that
 * paths stay as they are.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = FleetProof.PID)
public final class FleetDoor {

    private final Dispatcher fleet;

    /** Opens the door. */
    @Activate
    public FleetDoor(
            @Reference(
                            target = "(|(" + Dispatcher.GROUP + "=" + Dispatcher.META + ")(" + Dispatcher.GROUP + "="
                                    + Dispatcher.FLEET + "))")
                    Dispatcher fleet,
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")") Dispatcher world,
            FleetProof.Config config)
            throws Exception {
        this.fleet = fleet;
        DoorRoute.open(fleet, new DoorHandler(world::serve, new FleetProof(config.tokenFile())));
    }

    @Deactivate
    public void close() {
        DoorRoute.close(fleet);
    }
}
