package com.espra.protoplex.api.relay;

import java.net.URI;

/**
 * Where a request may be relayed to.
 *
 * @param address {@code http://host:port} or {@code https://host:port}, and no path; of a node what {@link NodeDoors} says
 * @param node the name of the node of the fleet that it is; empty for anything else. A node is told who the client is, and gives the request
 *     to what it serves itself: it relays it to nobody
 */
public record Target(URI address, String node) {

    /** A server that is no node of the fleet. */
    public static Target foreign(URI address) {
        return new Target(address, "");
    }

    /** Whether it is a node of the fleet. */
    public boolean isNode() {
        return !node.isEmpty();
    }
}
