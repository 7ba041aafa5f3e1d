package com.espra.protoplex.calls;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.peer.Peer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A child as its parent calls it: which roles it has, asked again when that is a second ago. */
final class CalledChild {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PATIENCE_SECONDS = 1;

    private final String name;
    private final Peer peer;
    private final CallRoom room = new CallRoom(OtherNodes.MOST_TO_A_NODE);
    private @Nullable CompletableFuture<Map<String, Object>> answer;
    private long askedNanos;

    CalledChild(String name, Peer peer) {
        this.name = name;
        this.peer = peer;
    }

    long inFlight() {
        return room.taken();
    }

    /** Asks it, if what it said is old. Does not wait. */
    synchronized void look() {
        CompletableFuture<Map<String, Object>> last = answer;
        boolean old = System.nanoTime() - askedNanos > FRESH_NANOS;
        if (last == null || last.isCompletedExceptionally() || (old && last.isDone())) {
            answer = peer.ask(ChildPort.TOPIC, Map.of());
            askedNanos = System.nanoTime();
        }
    }

    private synchronized @Nullable CompletableFuture<Map<String, Object>> asked() {
        return answer;
    }

    /** Whether it has the role; one that is silent for a second has none. */
    boolean has(String role) throws InterruptedException {
        return says().get(ChildPort.ROLES) instanceof List<?> roles && roles.contains(role);
    }

    private Map<String, Object> says() throws InterruptedException {
        CompletableFuture<Map<String, Object>> coming = asked();
        try {
            return coming == null ? Map.of() : coming.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return Map.of();
        }
    }

    FleetResponse call(CallTransport transport, String node, String role, FleetRequest request, long endNanos)
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
            String address = "http://127.0.0.1:" + says().get(ChildPort.PORT);
            return transport.call(new FleetTarget(node, address), role, request, endNanos);
        } finally {
            room.leave(1);
        }
    }
}
