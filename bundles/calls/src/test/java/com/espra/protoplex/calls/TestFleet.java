package com.espra.protoplex.calls;

import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetNode.ServedUnit;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.certificates.identity.IdentityFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A directory, and the nodes that are in it. */
final class TestFleet implements Directory, AutoCloseable {

    private final List<TestNode> started = new ArrayList<>();
    private final Map<String, FleetNode> nodes = new HashMap<>();
    private volatile FleetSnapshot snapshot = new FleetSnapshot(1, 0, Instant.EPOCH, Map.of());

    TestNode joined(String name, Path folder, IdentityFiles identity) throws Exception {
        TestNode node = new TestNode(name, this, folder, identity);
        started.add(node);
        return node;
    }

    TestNode start(String name, Path folder) throws Exception {
        TestNode node = new TestNode(name, this, folder);
        started.add(node);
        return node;
    }

    /** The node serves these roles besides. */
    synchronized void add(String name, Map<String, String> addresses, String role) {
        Map<String, ServedUnit> units = new HashMap<>();
        FleetNode before = nodes.get(name);
        if (before != null) {
            units.putAll(before.units());
        }
        units.put(role, new ServedUnit("1.0.0", List.of()));
        nodes.put(
                name,
                new FleetNode(name, "", Set.copyOf(units.keySet()), addresses, units, true, Instant.EPOCH, "HEALTHY"));
        snapshot = new FleetSnapshot(1, snapshot.number() + 1, Instant.EPOCH, nodes);
    }

    @Override
    public Optional<FleetSnapshot> snapshot() {
        return Optional.of(snapshot);
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public void close() {
        started.forEach(TestNode::close);
    }
}
