package com.espra.protoplex.relay.door;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.relay.head.NodeHead;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Handler;

/** The door's place among the routes of the listeners that only the fleet reaches. */
final class DoorRoute {

    private static final String UNIT = "relay-door";

    /** How long requests that are being answered may take when it is shut. */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private DoorRoute() {}

    static void open(Dispatcher fleet, Handler handler) throws Exception {
        Backend backend = fleet.open(UNIT, UNIT);
        backend.start(handler);
        backend.serve(List.of(new Endpoint(Set.of(new Route(NodeHead.HOST, "", "/*")), handler)));
        try {
            fleet.flip(backend);
        } catch (RouteConflictException e) {
            backend.close();
            throw new IllegalStateException("the door for relayed requests is taken", e);
        }
    }

    static void close(Dispatcher fleet) {
        fleet.withdraw(UNIT).ifPresent(backend -> {
            backend.drain(DRAIN).join();
            backend.close();
        });
    }
}
