package com.espra.protoplex.cli.seed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Watches a node come to its roles. */
public final class RoleWatch {

    private static final long POLL_MILLIS = 50;

    /** A build may take as long as it likes to be ready; most take a second. */
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private static final String APP = "app";

    private final SeedClient seed;
    private final String name;

    /**
     * @param seed whose node
     * @param name the node
     */
    public RoleWatch(SeedClient seed, String name) {
        this.seed = seed;
        this.name = name;
    }

    /**
     * How it ended.
     *
     * @param done whether the node is where it should be, or will be when it is back
     * @param detail for people
     */
    public record End(boolean done, String detail) {}

    /** Whether the node has the role already. */
    public boolean hasRole(String role) {
        return node().path("roles").valueStream().anyMatch(each -> each.asText().equals(role));
    }

    /**
     * Waits until the node runs what a role is.
     *
     * @param sequence the desired state that says so
     */
    public End awaitAdded(String role, long sequence) throws InterruptedException {
        List<String> units = units(role);
        if (units.isEmpty()) {
            return new End(true, name + " has the role " + role + "; there is nothing to run for it yet");
        }
        return await(sequence, node -> added(node, units))
                .orElseGet(() ->
                        new End(false, name + " does not run " + role + " after " + DEADLINE.toMinutes() + " minutes"));
    }

    /**
     * Waits until the node runs nothing of a role any more.
     *
     * @param sequence the desired state that says so
     */
    public End awaitRemoved(String role, long sequence) throws InterruptedException {
        List<String> units = units(role);
        return await(sequence, node -> removed(node, units, role))
                .orElseGet(() ->
                        new End(false, name + " still runs " + role + " after " + DEADLINE.toMinutes() + " minutes"));
    }

    private Optional<End> added(JsonNode node, List<String> units) {
        List<String> serve = new ArrayList<>();
        for (String unit : units) {
            String problem = node.path("problems").path(unit).asText();
            if (!problem.isEmpty()) {
                return Optional.of(new End(false, name + " refused " + unit + ": " + problem));
            }
            String version = version(node, unit);
            if (version.isEmpty()) {
                return Optional.empty();
            }
            serve.add(unit + " " + version);
        }
        return Optional.of(new End(true, String.join(", ", serve) + " serves on " + name));
    }

    private Optional<End> removed(JsonNode node, List<String> units, String role) {
        return units.stream().allMatch(unit -> version(node, unit).isEmpty())
                ? Optional.of(new End(true, role + " is removed from " + name))
                : Optional.empty();
    }

    private static String version(JsonNode node, String unit) {
        return node.path("units")
                .valueStream()
                .filter(each -> each.path("unit").asText().equals(unit))
                .map(each -> each.path("version").asText())
                .findFirst()
                .orElse("");
    }

    /** What runs for a role: itself, or all apps. */
    private List<String> units(String role) {
        return seed.get("/v1/apps")
                .path("apps")
                .valueStream()
                .filter(each -> !each.path("version").asText().isEmpty())
                .filter(each -> each.path("kind").asText().equals(APP) ? role.equals(APP) : isIt(each, role))
                .map(each -> each.path("app").asText())
                .toList();
    }

    private static boolean isIt(JsonNode unit, String role) {
        return unit.path("app").asText().equals(role);
    }

    private Optional<End> await(long sequence, Function<JsonNode, Optional<End>> wanted) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() - end < 0) {
            JsonNode node = node();
            if (!node.path("connected").asBoolean()) {
                return Optional.of(new End(true, name + " is away, and moves when it is back"));
            }
            Optional<End> found = node.path("sequence").asLong() >= sequence ? wanted.apply(node) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return Optional.empty();
    }

    private JsonNode node() {
        return seed.get("/v1/nodes")
                .path("nodes")
                .valueStream()
                .filter(each -> each.path("node").asText().equals(name))
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }
}
