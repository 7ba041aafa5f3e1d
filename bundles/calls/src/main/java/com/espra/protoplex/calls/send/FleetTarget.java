package com.espra.protoplex.calls.send;

/**
 * Where a node is called.
 *
 * @param node its name
 * @param address the URL of its listener for the fleet
 * @param key what a child of this node knows its parent by; empty for another node
 */
public record FleetTarget(String node, String address, String key) {

    /** Another node. */
    public FleetTarget(String node, String address) {
        this(node, address, "");
    }

    boolean isSecure() {
        return address.startsWith("https://");
    }
}
