package com.espra.protoplex.relay.door;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.relay.head.Fleet;
import com.espra.protoplex.relay.head.FleetProof;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
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

    private static final String UNIT = "relay-door";
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final Dispatcher fleet;

    /** Opens the door. */
    @Activate
    public FleetDoor(
            @Reference(target = "(|(" + Dispatcher.GROUP + "=" + Dispatcher.META + ")(" + Dispatcher.GROUP + "="
                            + Dispatcher.FLEET + "))")
                    Dispatcher fleet,
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")") Dispatcher world,
            FleetProof.Config config)
            throws Exception {
        this.fleet = fleet;
        open(new DoorHandler(world, new FleetProof(config.tokenFile())));
    }

    private void open(Handler handler) throws Exception {
        Backend backend = fleet.open(UNIT, UNIT);
        backend.start(handler);
        backend.serve(List.of(new Endpoint(Set.of(new Route(Fleet.HOST, "", "/*")), handler)));
        try {
            fleet.flip(backend);
        } catch (RouteConflictException e) {
            backend.close();
            throw new IllegalStateException("the door for relayed requests is taken", e);
        }
    }

    @Deactivate
    public void close() {
        fleet.withdraw(UNIT).ifPresent(backend -> {
            backend.drain(DRAIN).join();
            backend.close();
        });
    }
}
