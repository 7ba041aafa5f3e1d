package com.espra.protoplex.calls.send;

/**
 * Where a node is called.
 *
 * @param node its name
 * @param address the URL of its listener for the fleet
 */
public record FleetTarget(String node, String address) {}
