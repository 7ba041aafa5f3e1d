package com.espra.protoplex.cli.command.read;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.text.Amounts;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code status}. */
@Command(
        name = "status",
        description = "Shows the fleet in short: its nodes, its apps, and what is on the move.",
        footer = {"", "Examples:", "  protoplex status", "  protoplex status --json"})
public final class StatusCommand implements Callable<Integer> {

    private static final Duration NEWS = Duration.ofHours(1);

    private final Environment environment;

    @Mixin
    private ReadOptions options = new ReadOptions();

    /** @param environment the world around */
    public StatusCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        return options.show(environment, "/v1/status", this::render);
    }

    private void render(JsonNode status) {
        Console console = environment.console();
        long nodes = status.path("nodes").asLong();
        long connected = status.path("connected").asLong();
        String count = connected + " of " + nodes + " nodes connected";
        console.line((connected == nodes ? console.good(count) : console.bad(count)) + ", up for "
                + Amounts.ago(status.path("since").asText(), Instant.now()) + ", Protoplex "
                + status.path("version").asText());
        StandingLines.of(status, Instant.now()).forEach(line -> console.line(console.bad(line)));
        for (JsonNode warning : status.path("warnings")) {
            console.line(console.bad(warning.asText()));
        }
        for (JsonNode node : status.path("health")) {
            health(console, node);
        }
        if (status.path("apps").isEmpty()) {
            console.line(console.hint("No app yet: `protoplex push JAR` runs one, `protoplex new NAME` makes one."));
            return;
        }
        TextTable table = new TextTable("APP", "VERSION", "SERVES ON", "ROLLS BACK TO");
        for (JsonNode app : status.path("apps")) {
            String version = app.path("version").asText();
            table.row(
                    app.path("app").asText() + (app.path("kind").asText().equals("role") ? " (role)" : ""),
                    version.isEmpty() ? "removed" : version,
                    version.isEmpty()
                            ? "-"
                            : app.path("serving").asLong() + " of "
                                    + app.path("nodes").asLong() + " nodes",
                    or(app.path("previous").asText()));
        }
        table.print(console);
        for (JsonNode app : status.path("apps")) {
            if (!app.path("fetchable").asBoolean(true)) {
                console.line(console.bad("The Seed does not have the build of "
                        + app.path("app").asText() + " " + app.path("version").asText()
                        + ": nodes that serve it go on, a node that joins cannot fetch it. Push it again."));
            }
        }
        for (JsonNode deployment : status.path("deploying")) {
            String trial = deployment.path("trial").asText();
            console.line(deployment.path("app").asText() + " moves to "
                    + or(deployment.path("version").asText()) + " (deployment "
                    + deployment.path("id").asText() + ")"
                    + (trial.isEmpty() ? "" : "; " + trial + " tries it first")
                    + (deployment.path("detail").asText().isEmpty()
                            ? ""
                            : ": " + deployment.path("detail").asText()));
        }
    }

    /** A crash is news for a while; a node that is not well is as long as it is not. */
    private static void health(Console console, JsonNode node) {
        String name = node.path("node").asText();
        String state = node.path("state").asText("healthy");
        boolean well = state.equals("healthy");
        if (!well) {
            console.line(console.bad(
                    name + " is " + state + ": " + node.path("reason").asText()));
        }
        String crash = node.path("crash").asText();
        if (!crash.isEmpty()) {
            Instant crashed = Instant.parse(node.path("crashed").asText());
            if (!well || crashed.isAfter(Instant.now().minus(NEWS))) {
                console.line(name + ": a process crashed "
                        + Amounts.ago(node.path("crashed").asText(), Instant.now()) + " ago. " + crash);
            }
        }
    }

    private static String or(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
