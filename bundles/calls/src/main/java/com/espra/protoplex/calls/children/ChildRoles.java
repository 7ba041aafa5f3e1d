package com.espra.protoplex.calls.children;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.calls.local.CallPlace;
import com.espra.protoplex.calls.local.RoleHandlers;
import com.espra.protoplex.calls.send.CallTransport;
import com.espra.protoplex.calls.send.HttpCalls;
import com.espra.protoplex.calls.wire.CallRoom;
import com.espra.protoplex.calls.wire.Credentials;
import com.espra.protoplex.peer.Peer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * In a parent: the roles of its children. A call goes to the child that has the fewest, and to another one if that has just gone.
 *
 * <p>Threads: safe from any.
 */
@Component(service = ChildRoles.class)
public final class ChildRoles {

    /** How long the first call waits until children have said which roles they have. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<Peer, CalledChild> children = new ConcurrentHashMap<>();
    private final CallRoom room = new CallRoom(RoleHandlers.MOST);
    private final CallTransport transport;
    private final AutoCloseable http;

    /** Opens nothing: the first call does. */
    @Activate
    public ChildRoles(@Reference Credentials credentials) {
        HttpCalls calls = new HttpCalls(credentials);
        transport = calls;
        http = calls;
    }

    public ChildRoles(CallTransport transport) {
        this.transport = transport;
        this.http = () -> {};
    }

    /** A child is connected. */
    @Reference(
            target = "(&(" + Peer.NAME + "=*)(" + Peer.GROUP + "=*))",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    public void addChild(Peer child, Map<String, Object> properties) {
        children.put(child, new CalledChild(String.valueOf(properties.get(Peer.NAME)), child));
    }

    public void removeChild(Peer child) {
        children.remove(child);
    }

    /** Takes a place; empty if there are no children. */
    public Optional<CallPlace> enter(String role, String node) throws CallFailedException {
        if (children.isEmpty()) {
            return Optional.empty();
        }
        if (!room.enter(1)) {
            throw new CallFailedException(
                    role,
                    node,
                    Reason.OVERLOADED,
                    role + " on " + node + " is not called: " + RoleHandlers.MOST
                            + " calls are handed to children at once, which is the most",
                    null);
        }
        return Optional.of(new HandedOn(role, node));
    }

    @Deactivate
    public void close() throws Exception {
        http.close();
    }

    private final class HandedOn implements CallPlace {

        private final String role;
        private final String node;

        HandedOn(String role, String node) {
            this.role = role;
            this.node = node;
        }

        @Override
        public FleetResponse answer(FleetRequest request) throws CallFailedException, InterruptedException {
            long end = System.nanoTime() + request.deadline().toNanos();
            CallFailedException last = new CallFailedException(
                    role, node, Reason.UNAVAILABLE, role + " takes no calls in any child of " + node + " now", null);
            for (CalledChild child : those()) {
                try {
                    return child.call(transport, node, role, request, end);
                } catch (CallFailedException e) {
                    if (!e.isNothingDone() && !(e.reason() == Reason.BROKEN && request.isIdempotent())) {
                        throw e;
                    }
                    last = e;
                }
            }
            throw last;
        }

        /** At most two, the one with the fewest calls first. */
        private List<CalledChild> those() throws InterruptedException {
            List<CalledChild> all = new ArrayList<>(children.values());
            all.forEach(child -> child.look(CalledChild.FRESH_NANOS));
            List<CalledChild> with = with(all);
            if (with.isEmpty()) {
                // None has said so: the first call, or a role that has just come.
                all.forEach(child -> child.look(CalledChild.FRESH_NANOS / 10));
                long end = System.nanoTime() + PATIENCE_NANOS;
                for (CalledChild child : all) {
                    child.await(end);
                }
                with = with(all);
            }
            return with;
        }

        private List<CalledChild> with(List<CalledChild> all) {
            return all.stream()
                    .filter(child -> child.has(role))
                    .sorted(Comparator.comparingLong(CalledChild::inFlight))
                    .limit(2)
                    .toList();
        }

        @Override
        public void close() {
            room.leave(1);
        }
    }
}
