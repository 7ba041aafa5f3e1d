package com.espra.protoplex.calls.send;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.calls.wire.CallRoom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Other nodes as they are called: how many calls are under way to each.
 *
 * <p>Threads: safe from any.
 */
public final class OtherNodes {

    /** As many streams as one HTTP/2 connection has room for, and a few to spare. */
    public static final int MOST_TO_A_NODE = 100;

    /** Beyond so many, those that the fleet does not know any more are forgotten. */
    private static final int MANY = 64;

    private final CallTransport transport;
    private final Map<String, Counted> nodes = new ConcurrentHashMap<>();

    private record Counted(FleetTarget target, CallRoom room) {}

    public OtherNodes(CallTransport transport) {
        this.transport = transport;
    }

    public int inFlight(String node) {
        Counted counted = nodes.get(node);
        return counted == null ? 0 : (int) counted.room().taken();
    }

    /** Calls a role on this node. */
    public FleetResponse call(FleetSnapshot fleet, FleetTarget node, String role, FleetRequest request, long endNanos)
            throws CallFailedException, InterruptedException {
        Counted counted = nodes.compute(
                node.node(),
                (name, before) -> before != null && before.target().equals(node)
                        ? before
                        : new Counted(node, new CallRoom(MOST_TO_A_NODE)));
        if (nodes.size() > MANY) {
            nodes.keySet().removeIf(name -> !fleet.nodes().containsKey(name) && inFlight(name) == 0);
        }
        if (!counted.room().enter(1)) {
            throw new CallFailedException(
                    role,
                    node.node(),
                    Reason.OVERLOADED,
                    role + " on " + node.node() + " is not called: " + MOST_TO_A_NODE
                            + " calls to that node are under way, which is the most",
                    null);
        }
        try {
            return transport.call(counted.target(), role, request, endNanos);
        } finally {
            counted.room().leave(1);
        }
    }
}
