package com.espra.protoplex.calls.receive;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.calls.children.ChildKey;
import com.espra.protoplex.calls.children.ChildRoles;
import com.espra.protoplex.calls.local.CallPlace;
import com.espra.protoplex.calls.local.RoleHandlers;
import com.espra.protoplex.calls.wire.CallMeters;
import com.espra.protoplex.calls.wire.CallWire;
import com.espra.protoplex.calls.wire.Credentials;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Lets other nodes call the roles of this process: on the listeners that only the fleet reaches, and on no other. A parent hands their calls on
 * to its children, each of which has such a listener for its parent.
 */
@Component(
        service = {},
        immediate = true)
public final class FleetPort {

    private static final String UNIT = "calls";

    /** How long calls that are being answered may take when this ends. */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final Handler handler;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable SwapEngine engine;

    @Activate
    public FleetPort(
            @Reference Node node,
            @Reference RoleHandlers roles,
            @Reference ChildRoles children,
            @Reference ChildKey parent,
            @Reference Credentials credentials,
            @Reference CallMeters meters) {
        this.handler = new FleetPortHandler(
                node.name(),
                new Callers(credentials, parent),
                role -> enter(roles, children, role, node.name()),
                this::isHere,
                meters);
    }

    private Optional<CallPlace> enter(RoleHandlers roles, ChildRoles children, String role, String node)
            throws CallFailedException {
        Optional<CallPlace> own = roles.enter(role, node);
        return own.isPresent() || !isHere(role) ? own : children.enter(role, node);
    }

    private boolean isHere(String unit) {
        SwapEngine present = engine;
        return present != null
                && present.units().stream().anyMatch(each -> each.unit().equals(unit));
    }

    /** Opens the routes of a group of listeners: of Meta, for this machine, and of what other machines reach. */
    @Reference(
            target = "(|(" + Dispatcher.GROUP + "=" + Dispatcher.META + ")(" + Dispatcher.GROUP + "=fleet))",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    public void addDispatcher(Dispatcher dispatcher) throws Exception {
        Backend backend = dispatcher.open(UNIT, UNIT);
        backend.start(handler);
        backend.serve(List.of(new Endpoint(Set.of(Route.of(CallWire.PREFIX + "/*")), handler)));
        try {
            dispatcher.flip(backend);
        } catch (RouteConflictException e) {
            backend.close();
            throw new IllegalStateException("the routes of calls are taken", e);
        }
    }

    public void removeDispatcher(Dispatcher dispatcher) {
        dispatcher.withdraw(UNIT).ifPresent(backend -> {
            backend.drain(DRAIN).join();
            backend.close();
        });
    }
}
