package com.espra.protoplex.cli.command;

import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.text.Amounts;
import com.espra.protoplex.cli.text.Table;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nodes}. */
@Command(
        name = "nodes",
        description = "Shows the nodes: whether they are connected, what they run, and where they listen.",
        footer = {"", "Examples:", "  protoplex nodes", "  protoplex nodes --json"})
public final class NodesCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    private ReadOptions options = new ReadOptions();

    /** @param environment the world around */
    public NodesCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        return options.show(environment, "/v1/nodes", this::render);
    }

    private void render(JsonNode data) {
        Instant now = Instant.now();
        Table table = new Table("NODE", "STATE", "SINCE", "ROLES", "PID", "APPS", "ADDRESS");
        for (JsonNode node : data.path("nodes")) {
            table.row(
                    node.path("node").asText(),
                    state(node),
                    Amounts.ago(node.path("since").asText(), now),
                    node.path("roles").valueStream().map(JsonNode::asText).collect(Collectors.joining(",")),
                    node.path("pid").asLong(),
                    apps(node),
                    node.path("addresses").path("http").asText("-"));
        }
        table.print(environment.console());
    }

    private static String state(JsonNode node) {
        if (!node.path("connected").asBoolean()) {
            return "away";
        }
        boolean upgrading = node.path("upgrades")
                .valueStream()
                .anyMatch(each -> each.path("state").asText().equals("running"));
        return upgrading ? "upgrading" : "connected";
    }

    private static String apps(JsonNode node) {
        String apps = node.path("units")
                .valueStream()
                .map(unit ->
                        unit.path("unit").asText() + " " + unit.path("version").asText())
                .collect(Collectors.joining(", "));
        return apps.isEmpty() ? "-" : apps;
    }
}
