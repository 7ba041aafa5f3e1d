package com.espra.protoplex.cli.command.deploy;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.push.Caller;
import com.espra.protoplex.cli.push.PushProgress;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.Amounts;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rollout}. */
@Command(
        name = "rollout",
        description = {
            "Shows how far pushes in waves are, and stops them, lets them go on, or gives them up.",
            "A rollout goes on by itself, whoever watches it; `push --wave` begins one."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex rollout list           those that go on, and the last ones",
            "  protoplex rollout show 7         its waves, what its gate says, and each node",
            "  protoplex rollout pause 7        no other node begins to move",
            "  protoplex rollout resume 7       it goes on; the bake time of its wave begins anew",
            "  protoplex rollout promote 7      the next wave begins now, whatever the gate says",
            "  protoplex rollout abort 7        all nodes that moved go back"
        })
public final class RolloutCommand implements Callable<Integer> {

    private static final int SHOWN = 100;

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "list|show|pause|resume|promote|abort", description = "What to do.")
    private String action = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The number of the rollout.")
    private @Nullable Long id;

    @Option(names = "--json", description = "For list and show: the data of the Seed's API, as JSON.")
    private boolean json;

    /** @param environment the world around */
    public RolloutCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        switch (action) {
            case "list" -> list();
            case "show" -> show(seed().get("/v1/deployments/" + named()));
            case "pause", "resume", "promote" -> tell();
            case "abort" -> abort();
            default ->
                throw CliException.usage(
                        "'" + action + "' is nothing that can be done with a rollout",
                        "say list, show, pause, resume, promote or abort: protoplex rollout list");
        }
        return 0;
    }

    private SeedClient seed() throws IOException {
        return SeedClient.of(environment, fleet.find(environment));
    }

    private long named() {
        if (id == null) {
            throw CliException.usage("no rollout is named", "`protoplex rollout list` shows their numbers");
        }
        return id;
    }

    private void list() throws IOException {
        JsonNode data = seed().get("/v1/rollouts");
        Console console = environment.console();
        if (json) {
            console.line(JsonTree.pretty(data));
            return;
        }
        Instant now = Instant.now();
        TextTable table = new TextTable("ID", "APP", "VERSION", "AGE", "STATE", "WAVE", "NODES", "DETAIL");
        for (JsonNode each : data.path("rollouts")) {
            JsonNode rollout = each.path("rollout");
            table.row(
                    each.path("id").asText(),
                    each.path("app").asText(),
                    or(each.path("version").asText()),
                    Amounts.ago(each.path("begun").asText(), now),
                    rollout.path("state").asText(),
                    wave(rollout),
                    done(each),
                    or(detail(each)));
        }
        table.print(console);
    }

    private static String wave(JsonNode rollout) {
        int number = rollout.path("wave").asInt();
        return number + "/" + rollout.path("waves").size() + " "
                + rollout.path("waves").path(number - 1).asText();
    }

    private static String done(JsonNode deployment) {
        long done = deployment
                .path("nodes")
                .valueStream()
                .filter(node -> node.path("state").asText().equals("done"))
                .count();
        return done + "/" + deployment.path("nodes").size();
    }

    private static String detail(JsonNode deployment) {
        String detail = deployment.path("detail").asText();
        return detail.isEmpty() ? deployment.path("rollout").path("word").asText() : detail;
    }

    private static String or(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private void show(JsonNode each) {
        Console console = environment.console();
        if (json) {
            console.line(JsonTree.pretty(each));
            return;
        }
        JsonNode rollout = each.path("rollout");
        console.line(
                "rollout " + each.path("id").asText() + ": " + each.path("app").asText() + " "
                        + each.path("previousVersion").asText() + " -> "
                        + each.path("version").asText() + ", "
                        + rollout.path("state").asText());
        console.line("  waves            "
                + String.join(
                        ", ",
                        rollout.path("waves")
                                .valueStream()
                                .map(JsonNode::asText)
                                .toList()) + "; in " + wave(rollout) + ", " + done(each) + " nodes have it");
        line(
                console,
                "  watched for      ",
                rollout.path("bakeSeconds").asInt() + " s a wave",
                rollout.path("bakeSeconds").asInt() > 0);
        line(console, "  watched until    ", rollout.path("bakesUntil").asText(), true);
        line(
                console,
                "  unavailable      ",
                "at most " + rollout.path("maxUnavailable").asText(),
                !rollout.path("maxUnavailable").asText().isEmpty());
        line(console, "  deadline         ", rollout.path("deadline").asText(), true);
        line(console, "  gate             ", rollout.path("word").asText(), true);
        line(console, "  detail           ", each.path("detail").asText(), true);
        TextTable table = new TextTable("NODE", "STATE", "SERVES", "REASON");
        each.path("nodes")
                .valueStream()
                .limit(SHOWN)
                .forEach(node -> table.row(
                        node.path("node").asText(),
                        node.path("state").asText(),
                        or(node.path("serves").asText()),
                        or(node.path("reason").asText())));
        table.print(console);
    }

    private static void line(Console console, String name, String value, boolean wanted) {
        if (wanted && !value.isEmpty()) {
            console.line(name + value);
        }
    }

    private void tell() throws IOException {
        JsonNode told = seed().post(path(), JsonTree.object().put("by", Caller.name()));
        JsonNode rollout = told.path("rollout");
        environment
                .console()
                .line("rollout " + told.path("id").asText() + " of "
                        + told.path("app").asText() + " is "
                        + rollout.path("state").asText() + ", in wave " + wave(rollout));
    }

    private void abort() throws IOException, InterruptedException {
        SeedClient seed = seed();
        JsonNode begun = seed.post(path(), JsonTree.object().put("by", Caller.name()));
        Console console = environment.console();
        PushProgress progress = PushProgress.on(console);
        JsonNode end = seed.watch(begun, progress::step);
        progress.end();
        console.line(end.path("detail").asText());
    }

    private String path() {
        return "/v1/deployments/" + named() + "/" + action;
    }
}
