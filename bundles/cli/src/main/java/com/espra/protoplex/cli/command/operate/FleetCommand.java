package com.espra.protoplex.cli.command.operate;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.push.Caller;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.TimeOfDay;
import com.espra.protoplex.files.Secret;
import com.espra.protoplex.fleet.build.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fleet}. */
@Command(
        name = "fleet",
        description = {
            "Has all nodes answer 503 in place of the apps while there is maintenance, and ends that.",
            "A page for browsers, JSON for programs, with Retry-After. /health, /ping and ACME challenges reach the apps all the same."
        },
        footer = {
            "",
            "With --until it ends by itself, at each node, also when the Seed is away by then. `on` prints a key: whoever types it at",
            "/.protoplex/maintenance of the site passes from then on. What is in flight, and channels that are open, go on.",
            "",
            "Examples:",
            "  protoplex fleet maintenance on --until 14:00 --message 'back at two'",
            "  protoplex fleet maintenance on --app shop --until 20m",
            "  protoplex fleet maintenance on --region eu-1 --read-only",
            "  protoplex fleet maintenance off",
            "  protoplex fleet maintenance off --app shop"
        })
public final class FleetCommand implements Callable<Integer> {

    private static final int KEY_BYTES = 24;

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "maintenance", description = "What it is about.")
    private String what = "";

    @Parameters(index = "1", paramLabel = "on|off", description = "Whether it begins or ends.")
    private String action = "";

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description =
                    "When it ends by itself: 14:00 (the next time it is that late), 20m, or 2026-01-31T14:00:00Z.")
    private @Nullable String until;

    @Option(names = "--message", paramLabel = "TEXT", description = "What visitors are told: plain text.")
    private String message = "";

    @Option(names = "--app", paramLabel = "APP", description = "That app alone.")
    private String app = "";

    @Option(names = "--region", paramLabel = "REGION", description = "The nodes of that region alone.")
    private String region = "";

    @Option(
            names = "--read-only",
            description = "Lets requests through that change nothing: GET, HEAD, OPTIONS, TRACE.")
    private boolean readOnly;

    /** @param environment the world around */
    public FleetCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        if (!what.equals("maintenance")) {
            throw CliException.usage(
                    "'" + what + "' is nothing of a fleet", "say maintenance: protoplex fleet maintenance on");
        }
        return switch (action) {
            case "on" -> begin();
            case "off" -> end();
            default ->
                throw CliException.usage(
                        "'" + action + "' is neither on nor off", "say which: protoplex fleet maintenance on");
        };
    }

    private SeedClient seed() throws IOException {
        return SeedClient.of(environment, fleet.find(environment));
    }

    private int begin() throws IOException {
        String key = Secret.hex(KEY_BYTES);
        ObjectNode body = JsonTree.object()
                .put("app", app)
                .put("region", region)
                .put("readOnly", readOnly)
                .put("message", message)
                .put("key", Sha256.of(key.getBytes(StandardCharsets.UTF_8)))
                .put("by", Caller.name());
        if (until != null) {
            body.put(
                    "until",
                    TimeOfDay.next(until, ZonedDateTime.now(ZoneId.systemDefault()))
                            .toString());
        }
        JsonNode begun = seed().post("/v1/maintenance", body);
        Console console = environment.console();
        String end = begun.path("until").asText();
        console.line("Maintenance of " + words(begun) + " is on"
                + (end.isEmpty() ? ", until `protoplex fleet maintenance off`" : ", until " + end));
        console.line("key: " + key);
        console.note("to pass: open /.protoplex/maintenance of the site, and type the key. It is shown this once");
        return 0;
    }

    private int end() throws IOException {
        JsonNode ended = seed().delete(
                        "/v1/maintenance", JsonTree.object().put("app", app).put("region", region));
        ended.path("maintenance")
                .forEach(each -> environment.console().line("Maintenance of " + words(each) + " is off"));
        return 0;
    }

    private static String words(JsonNode outage) {
        String its = outage.path("app").asText();
        String where = outage.path("region").asText();
        return (its.isEmpty() ? "all apps" : its)
                + (where.isEmpty() ? "" : " in " + where)
                + (outage.path("readOnly").asBoolean() ? " (read only)" : "");
    }
}
