package com.espra.protoplex.cli.command.read;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.Amounts;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nodes}. */
@Command(
        name = "nodes",
        description = "Shows the nodes: whether they are connected, what they run, and where they listen.",
        footer = {
            "",
            "Examples:",
            "  protoplex nodes",
            "  protoplex nodes --json",
            "  protoplex nodes --forget node-3    it is gone for good, and no build is kept for it"
        })
public final class NodesCommand implements Callable<Integer> {

    private static final Pattern NAME = Pattern.compile("(?!.{64})[A-Za-z0-9]+([._-][A-Za-z0-9]+)*");

    private final Environment environment;

    @Mixin
    private ReadOptions options = new ReadOptions();

    @Option(
            names = "--forget",
            paramLabel = "NODE",
            description = "Forgets a node that is gone for good, first, as `node forget` does.")
    private @Nullable String gone;

    /** @param environment the world around */
    public NodesCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        if (gone != null) {
            forget(gone);
        }
        return options.show(environment, "/v1/nodes", this::render);
    }

    private void forget(String node) throws IOException {
        if (!NAME.matcher(node).matches()) {
            throw CliException.usage(
                    "'" + node + "' is not the name of a node", "`protoplex nodes` shows those that are known");
        }
        SeedClient.of(environment, options.fleet().find(environment)).delete("/v1/nodes/" + node);
    }

    private void render(JsonNode data) {
        Instant now = Instant.now();
        TextTable table = new TextTable("NODE", "STATE", "SINCE", "ROLES", "PID", "APPS", "ADDRESS");
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
        return upgrading ? "upgrading" : standing(node);
    }

    /** What an operator has ordered, and how far it is. */
    private static String standing(JsonNode node) {
        JsonNode drain = node.path("drain");
        return switch (node.path("order").asText()) {
            case "cordon" -> "cordoned";
            case "drain" -> {
                boolean drained = drain.path("state").asText().equals("drained");
                yield drained && drain.path("left").isEmpty() ? "drained" : "draining";
            }
            default -> "connected";
        };
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
