package com.espra.protoplex.cli.command.read;

import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.push.ShippedRoles;
import com.espra.protoplex.cli.text.Amounts;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code roles}. */
@Command(
        name = "roles",
        description = {
            "Shows what nodes do: one line for each role and node.",
            "A role of kind 'kernel' is part of the host; one of kind 'unit' is a build that was pushed,",
            "and WANTED SINCE is when that version was released, whenever the node came to it.",
            "HEALTH is that of the node, by the checks of all that runs there; `protoplex nodes` says why."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex roles",
            "  protoplex role add node-2 echo       node-2 does this, too; it need not start again",
            "  protoplex roles --json"
        })
public final class RolesCommand implements Callable<Integer> {

    private static final String UNIT = "unit";

    private final Environment environment;

    @Mixin
    private ReadOptions options = new ReadOptions();

    /** @param environment the world around */
    public RolesCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        return options.show(environment, "/v1/roles", this::render);
    }

    /** What the distribution carries and the fleet has not is shown, too. */
    private void render(JsonNode data) {
        Instant now = Instant.now();
        TextTable table = new TextTable("ROLE", "VERSION", "KIND", "NODE", "WANTED SINCE", "STATE", "HEALTH");
        for (JsonNode role : data.path("roles")) {
            String name = role.path("role").asText();
            String kind = role.path("kind").asText();
            if (role.path("nodes").isEmpty()) {
                table.row(name, role.path("version").asText(), kind, "-", "-", "on no node", "-");
            }
            for (JsonNode node : role.path("nodes")) {
                table.row(
                        name,
                        version(role, node),
                        kind,
                        node.path("node").asText(),
                        kind.equals(UNIT) ? Amounts.ago(node.path("since").asText(), now) : "-",
                        state(role, node),
                        health(node));
            }
        }
        ShippedRoles shipped = ShippedRoles.of(environment.distribution());
        try {
            for (String name : shipped.names()) {
                if (data.path("roles")
                        .valueStream()
                        .noneMatch(role -> role.path("role").asText().equals(name))) {
                    table.row(name, shipped.version(name), UNIT, "-", "-", "shipped, on no node", "-");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        table.print(environment.console());
    }

    private static String version(JsonNode role, JsonNode node) {
        String serves = node.path("version").asText();
        return serves.isEmpty() ? role.path("version").asText("") : serves;
    }

    /** Not known of a node that is away, and by a Seed of an earlier version. */
    private static String health(JsonNode node) {
        return node.path("connected").asBoolean()
                ? node.path("health").path("state").asText("-")
                : "-";
    }

    private static String state(JsonNode role, JsonNode node) {
        if (!node.path("connected").asBoolean()) {
            return "away";
        }
        String problem = node.path("problem").asText();
        if (!problem.isEmpty()) {
            return "refused: " + problem;
        }
        boolean serves = !node.path("version").asText().isEmpty();
        boolean isUnit = role.path("kind").asText().equals(UNIT);
        if (isUnit && role.path("version").asText().isEmpty()) {
            return serves ? "serves, as shipped" : "not pushed yet";
        }
        return serves ? "serves" : "on its way";
    }
}
