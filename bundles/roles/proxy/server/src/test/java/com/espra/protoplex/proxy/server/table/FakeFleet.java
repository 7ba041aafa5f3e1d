package com.espra.protoplex.proxy.server.table;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetNode.ServedUnit;
import com.espra.protoplex.api.directory.FleetSnapshot;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A directory that a test writes. */
public final class FakeFleet {

    public static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    private final Map<String, FleetNode> nodes = new HashMap<>();
    private long number;
    private Instant time = NOON;

    /** A node that is well, and serves one app. */
    public FakeFleet node(String name, String region, String app, String... routes) {
        Map<String, ServedUnit> units =
                app.isEmpty() ? Map.of() : Map.of(app, new ServedUnit("1.0.0", List.of(routes)));
        nodes.put(
                name,
                new FleetNode(
                        name,
                        region,
                        Set.of("app"),
                        Map.of("meta", "http://" + name + ":8050", "http", "http://" + name + ":8080"),
                        units,
                        true,
                        NOON,
                        "HEALTHY"));
        return this;
    }

    public FakeFleet change(String name, UnaryOperator<FleetNode> change) {
        nodes.computeIfPresent(name, (_, node) -> change.apply(node));
        return this;
    }

    public FakeFleet roles(String name, String... roles) {
        return change(
                name,
                node -> new FleetNode(
                        node.name(),
                        node.region(),
                        Set.of(roles),
                        node.addresses(),
                        node.units(),
                        node.connected(),
                        node.since(),
                        node.health(),
                        node.drained()));
    }

    public FakeFleet addresses(String name, Map<String, String> addresses) {
        return change(
                name,
                node -> new FleetNode(
                        node.name(),
                        node.region(),
                        node.roles(),
                        addresses,
                        node.units(),
                        node.connected(),
                        node.since(),
                        node.health(),
                        node.drained()));
    }

    public FakeFleet standing(String name, boolean connected, String health, boolean drained) {
        return change(
                name,
                node -> new FleetNode(
                        node.name(),
                        node.region(),
                        node.roles(),
                        node.addresses(),
                        node.units(),
                        connected,
                        node.since(),
                        health,
                        drained));
    }

    public FakeFleet without(String name) {
        nodes.remove(name);
        return this;
    }

    public FakeFleet at(Instant moment) {
        time = moment;
        return this;
    }

    public Optional<FleetSnapshot> snapshot() {
        return Optional.of(new FleetSnapshot(1, ++number, time, nodes));
    }
}
