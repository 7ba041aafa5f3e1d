package com.espra.protoplex.proxy.server.table;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.relay.NodeDoors;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The addresses of nodes, read. What a node says of itself is its own matter: one that says nonsense is left out, and the others serve. */
final class NodeAddresses {

    private static final List<String> USED = List.of("meta", "fleet", "http", "https");

    private final NodeDoors doors;
    private final Map<String, Optional<URI>> read = new HashMap<>();

    NodeAddresses(NodeDoors doors) {
        this.doors = doors;
    }

    /** Where this node relays to that one; empty if it cannot. */
    Optional<URI> door(FleetNode node) {
        return doors.address(node);
    }

    /** Why it cannot, for people. */
    String shut(FleetNode node) {
        return doors.unreachable(node);
    }

    /** The address of a listener of the node; empty if it has told none, or one that is none. */
    Optional<URI> of(FleetNode node, String listener) {
        String told = node.addresses().get(listener);
        return told == null ? Optional.empty() : read.computeIfAbsent(told, NodeAddresses::read);
    }

    private static Optional<URI> read(String text) {
        try {
            URI address = new URI(text);
            return address.getHost() == null ? Optional.empty() : Optional.of(address);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** What is wrong with what a node has told, for people. */
    Stream<String> wrong(FleetNode node) {
        return USED.stream()
                .filter(listener -> node.addresses().containsKey(listener)
                        && of(node, listener).isEmpty())
                .map(listener -> node.name() + " is left out: '"
                        + node.addresses().get(listener) + "' is no address of its listener " + listener);
    }
}
