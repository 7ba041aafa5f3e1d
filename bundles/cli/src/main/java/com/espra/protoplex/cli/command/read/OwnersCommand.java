package com.espra.protoplex.cli.command.read;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code owners}. */
@Command(
        name = "owners",
        description = {
            "Shows which nodes own the keys of roles: keys are in 1,024 slots, and each slot has an owner.",
            "EPOCH grows with each change; what is on its way to another node is below."
        },
        footer = {"", "Examples:", "  protoplex owners", "  protoplex owners live", "  protoplex owners --json"})
public final class OwnersCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    private ReadOptions options = new ReadOptions();

    @Parameters(paramLabel = "ROLE", arity = "0..1", description = "This role alone.")
    private String role = "";

    /** @param environment the world around */
    public OwnersCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        return options.show(environment, "/v1/owners", this::render);
    }

    private void render(JsonNode data) {
        TextTable owners = new TextTable("ROLE", "EPOCH", "NODE", "SLOTS", "STATE");
        TextTable ways = new TextTable("ROLE", "SLOTS", "FROM", "TO", "PHASE");
        boolean found = false;
        boolean moves = false;
        for (JsonNode each : data.path("roles")) {
            String name = each.path("role").asText();
            if (!role.isEmpty() && !role.equals(name)) {
                continue;
            }
            found = true;
            String epoch = each.path("epoch").asText();
            for (JsonNode node : each.path("nodes")) {
                owners.row(
                        name,
                        epoch,
                        node.path("node").asText(),
                        node.path("count").asText(),
                        node.path("canOwn").asBoolean() ? "owns" : "away, drained or without the role");
            }
            if (each.path("unowned").asInt() > 0) {
                owners.row(name, epoch, "-", each.path("unowned").asText(), "nobody owns them");
            }
            for (JsonNode way : each.path("transfers")) {
                moves = true;
                ways.row(
                        name,
                        way.path("count").asText(),
                        or(way.path("from").asText()),
                        way.path("to").asText(),
                        way.path("phase").asText());
            }
        }
        Console console = environment.console();
        if (!found) {
            console.line(
                    role.isEmpty() ? "no role has owners" : role + " has no owners: it is not there, or owns no keys");
            return;
        }
        owners.print(console);
        if (moves) {
            console.line("");
            ways.print(console);
        }
    }

    private static String or(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
