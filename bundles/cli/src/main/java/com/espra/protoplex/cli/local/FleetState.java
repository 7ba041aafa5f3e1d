package com.espra.protoplex.cli.local;

import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.files.ProcessRef;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code up} started: fleet.json.
 *
 * @param seed the URL of the Seed's API
 * @param up the {@code up} that waits in the foreground, if one does
 * @param nodes the nodes
 */
public record FleetState(String seed, Optional<ProcessRef> up, List<RunningNode> nodes) {

    /** Keeps a copy. */
    public FleetState {
        nodes = List.copyOf(nodes);
    }

    /**
     * A node that was started.
     *
     * @param name its name
     * @param process its process
     * @param addresses name to URL of what it listens on
     */
    public record RunningNode(String name, ProcessRef process, Map<String, String> addresses) {}

    /** Reads fleet.json; a fleet that never ran has no nodes and no address. */
    public static FleetState read(FleetDir dir) throws IOException {
        JsonNode tree = JsonTree.read(dir.fleetFile());
        List<RunningNode> nodes = new ArrayList<>();
        for (JsonNode node : tree.path("nodes")) {
            Map<String, String> addresses = new LinkedHashMap<>();
            node.path("addresses")
                    .properties()
                    .forEach(e -> addresses.put(e.getKey(), e.getValue().asText()));
            String name = node.path("name").asText();
            nodes.add(new RunningNode(name, successor(dir, name).orElseGet(() -> process(node)), addresses));
        }
        Optional<ProcessRef> up =
                Optional.of(tree.path("up")).filter(JsonNode::isObject).map(FleetState::process);
        return new FleetState(tree.path("seed").asText(), up, nodes);
    }

    /** The process that was the node's at its last upgrade, however that went: the one that was started, or one that took over from it. */
    static Optional<ProcessRef> successor(FleetDir dir, String node) throws IOException {
        JsonNode upgrade = JsonTree.read(dir.node(node).resolve("upgrade.json"));
        return Optional.of(new ProcessRef(
                        upgrade.path("process").asLong(),
                        upgrade.path("started").asText()))
                .filter(ProcessRef::alive);
    }

    private static ProcessRef process(JsonNode node) {
        return new ProcessRef(node.path("pid").asLong(), node.path("started").asText());
    }

    /** Writes fleet.json. */
    public void write(FleetDir dir) throws IOException {
        ObjectNode tree = JsonTree.object().put("seed", seed);
        up.ifPresent(process -> put(tree.putObject("up"), process));
        var list = tree.putArray("nodes");
        for (RunningNode node : nodes) {
            ObjectNode entry = list.addObject().put("name", node.name());
            put(entry, node.process());
            ObjectNode addresses = entry.putObject("addresses");
            node.addresses().forEach(addresses::put);
        }
        JsonTree.write(dir.fleetFile(), tree);
    }

    private static void put(ObjectNode node, ProcessRef process) {
        node.put("pid", process.pid()).put("started", process.start());
    }

    /** The nodes whose processes run. */
    public List<RunningNode> alive() {
        return nodes.stream().filter(node -> node.process().alive()).toList();
    }
}
