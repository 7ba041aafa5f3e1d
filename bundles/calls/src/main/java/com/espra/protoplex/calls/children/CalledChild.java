package com.espra.protoplex.calls.children;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.calls.send.CallTransport;
import com.espra.protoplex.calls.send.FleetTarget;
import com.espra.protoplex.calls.send.OtherNodes;
import com.espra.protoplex.calls.wire.CallRoom;
import com.espra.protoplex.peer.Peer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child as its parent calls it: which roles it has, asked again when that is a second ago. */
public final class CalledChild {

    private static final Logger LOG = LoggerFactory.getLogger(CalledChild.class);

    /** How old an answer may be by which calls are handed on. */
    public static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final Peer peer;
    private final CallRoom room = new CallRoom(OtherNodes.MOST_TO_A_NODE);
    private CompletableFuture<Map<String, Object>> asked = CompletableFuture.completedFuture(Map.of());
    private long askedNanos = System.nanoTime() - 2 * FRESH_NANOS;

    /** What it said last. */
    private volatile Map<String, Object> known = Map.of();

    public CalledChild(String name, Peer peer) {
        this.name = name;
        this.peer = peer;
    }

    public long inFlight() {
        return room.taken();
    }

    /** Asks it, if what it said is older than this and it has answered. Does not wait: a child that starts answers late. */
    public synchronized void look(long nanos) {
        if (asked.isDone() && System.nanoTime() - askedNanos >= nanos) {
            askedNanos = System.nanoTime();
            asked = peer.ask(ChildPort.TOPIC, Map.of())
                    .whenComplete((answer, failure) -> known = failure == null ? answer : Map.of());
        }
    }

    private synchronized CompletableFuture<Map<String, Object>> asked() {
        return asked;
    }

    /** Waits for its answer, if it is asked. */
    public void await(long endNanos) throws InterruptedException {
        try {
            var _ = asked().get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("child {} does not say which roles it has", name, e);
        }
    }

    /** Whether it has the role, as it said last. */
    public boolean has(String role) {
        return known.get(ChildPort.ROLES) instanceof List<?> roles && roles.contains(role);
    }

    public FleetResponse call(CallTransport transport, String node, String role, FleetRequest request, long endNanos)
            throws CallFailedException, InterruptedException {
        if (!room.enter(1)) {
            throw new CallFailedException(
                    role,
                    node,
                    Reason.OVERLOADED,
                    role + " on " + node + " is not called: " + OtherNodes.MOST_TO_A_NODE + " calls to its child "
                            + name + " are under way, which is the most",
                    null);
        }
        try {
            String address = "http://127.0.0.1:" + known.get(ChildPort.PORT);
            // One of an older version has no key, and knows the token.
            String key = known.get(ChildPort.KEY) instanceof String told ? told : "";
            return transport.call(new FleetTarget(node, address, key), role, request, endNanos);
        } finally {
            room.leave(1);
        }
    }
}
