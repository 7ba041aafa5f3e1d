package com.espra.protoplex.control;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetNode.ServedUnit;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a parent tells a child of the fleet: nodes that have changed, as many as fit into an answer.
 *
 * @param start which parent has counted; its numbers mean nothing to another
 * @param from the number that this follows on; 0: it is the first part of all that is known
 * @param number what the child knows with this
 * @param whole whether that is all; otherwise it asks on
 * @param known whether anything was ever heard of the fleet
 * @param current whether the Seed tells of changes now
 * @param epoch of the snapshot
 * @param snapshot the number of the snapshot
 * @param time the time of the snapshot
 * @param nodes those that are there
 * @param gone the names of those that are not any more
 */
public record DirectoryPart(
        long start,
        long from,
        long number,
        boolean whole,
        boolean known,
        boolean current,
        long epoch,
        long snapshot,
        Instant time,
        List<FleetNode> nodes,
        List<String> gone) {

    /** Keeps copies. */
    public DirectoryPart {
        nodes = List.copyOf(nodes);
        gone = List.copyOf(gone);
    }

    /** As it travels. */
    public Map<String, Object> map() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("start", start);
        map.put("from", from);
        map.put("number", number);
        map.put("whole", whole);
        map.put("known", known);
        map.put("current", current);
        map.put("epoch", epoch);
        map.put("snapshot", snapshot);
        map.put("time", time.toString());
        map.put("nodes", nodes.stream().map(DirectoryPart::map).toList());
        map.put("gone", gone);
        return map;
    }

    /**
     * As it came.
     *
     * @throws IllegalArgumentException if a member is not as it should be; names it
     */
    public static DirectoryPart of(Map<String, Object> map) {
        Fields fields = Fields.of(map);
        return new DirectoryPart(
                fields.number("start"),
                fields.number("from"),
                fields.number("number"),
                fields.flag("whole"),
                fields.flag("known"),
                fields.flag("current"),
                fields.number("epoch"),
                fields.number("snapshot"),
                fields.instant("time"),
                fields.list("nodes", DirectoryPart::node),
                fields.texts("gone"));
    }

    /** A node as it travels. */
    public static Map<String, Object> map(FleetNode node) {
        Map<String, Object> units = new LinkedHashMap<>();
        node.units()
                .forEach((name, unit) -> units.put(name, Map.of("version", unit.version(), "routes", unit.routes())));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", node.name());
        map.put("region", node.region());
        map.put("roles", List.copyOf(node.roles()));
        map.put("addresses", Map.copyOf(node.addresses()));
        map.put("units", units);
        map.put("connected", node.connected());
        map.put("since", node.since().toString());
        map.put("health", node.health());
        map.put("drained", node.drained());
        return map;
    }

    private static FleetNode node(Object value) {
        Fields fields = Fields.of(value);
        Map<String, String> addresses = new HashMap<>();
        fields.object("addresses")
                .members()
                .forEach((name, address) -> addresses.put(String.valueOf(name), String.valueOf(address)));
        Map<String, ServedUnit> units = new HashMap<>();
        fields.object("units").members().forEach((name, unit) -> {
            Fields served = Fields.of(unit);
            units.put(String.valueOf(name), new ServedUnit(served.text("version"), served.texts("routes")));
        });
        return new FleetNode(
                fields.text("name"),
                fields.text("region"),
                Set.copyOf(fields.texts("roles")),
                addresses,
                units,
                fields.flag("connected"),
                fields.instant("since"),
                fields.text("health"),
                Boolean.TRUE.equals(fields.members().get("drained")));
    }
}
