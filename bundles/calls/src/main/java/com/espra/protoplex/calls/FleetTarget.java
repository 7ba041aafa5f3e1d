package com.espra.protoplex.calls;

/**
 * Where a node is called.
 *
 * @param node its name
 * @param address the URL of its listener for the fleet
 */
record FleetTarget(String node, String address) {}
