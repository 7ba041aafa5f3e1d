package com.espra.protoplex.api.directory;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The fleet at one moment, as its Seed saw it.
 *
 * @param epoch which start of the Seed has counted, in milliseconds since 1970: numbers of two epochs cannot be compared
 * @param number counts the changes since then
 * @param time when the Seed said so, by its clock
 * @param nodes all nodes that the Seed remembers, those that are away included, by name
 */
public record FleetSnapshot(long epoch, long number, Instant time, Map<String, FleetNode> nodes) {

    /** Keeps a copy. */
    public FleetSnapshot {
        nodes = Map.copyOf(nodes);
    }

    /** The nodes that have this role, connected or not, by name. */
    public List<FleetNode> withRole(String role) {
        return nodes.values().stream()
                .filter(node -> node.roles().contains(role))
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }
}
