package com.espra.protoplex.cli.command.deploy;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code config}. */
@Command(
        name = "config",
        description = {
            "Shows and changes what an app or a role is configured with.",
            "A change is a swap of the same build on all nodes: a value that it cannot take is refused, and goes back."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex config get hello                      each key, its value, and where it comes from",
            "  protoplex config set hello greeting=Hi size=5   one swap for both",
            "  protoplex config unset hello greeting           as its build says again",
            "  protoplex config set hello size=9 --wave canary,100%% --bake 5m",
            "",
            "Passwords and the like: protoplex secret"
        })
public final class ConfigCommand implements Callable<Integer> {

    private static final int SHOWN = 60;

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "get|set|unset", description = "What to do.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "UNIT", description = "The app or role.")
    private String unit = "";

    @Parameters(
            index = "2..*",
            arity = "0..*",
            paramLabel = "KEY[=VALUE]",
            description = "The keys, for set with their values. Several values of one key have commas between them.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--json", description = "For get: the data of the Seed's API, as JSON.")
    private boolean json;

    @Mixin
    private WaveOptions waves = new WaveOptions();

    /** @param environment the world around */
    public ConfigCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String name = AppName.checked(unit);
        ObjectNode change = JsonTree.object();
        switch (action) {
            case "get" -> {
                return get(SeedClient.of(environment, fleet.find(environment)), name);
            }
            case "set" -> set(change.putObject("set"));
            case "unset" -> words.forEach(change.putArray("unset")::add);
            default ->
                throw CliException.usage(
                        "'" + action + "' is nothing that can be done with a configuration",
                        "say get, set or unset: protoplex config get " + name);
        }
        if (words.isEmpty()) {
            throw CliException.usage("no key is named", "protoplex config get " + name + " shows those that there are");
        }
        return ConfigChange.make(
                environment.console(), SeedClient.of(environment, fleet.find(environment)), name, change, waves);
    }

    private void set(ObjectNode values) {
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw CliException.usage(
                        "'" + word + "' is no key with a value", "write KEY=VALUE; KEY= sets an empty text");
            }
            String key = word.substring(0, equals);
            if (values.has(key)) {
                throw CliException.usage("'" + key + "' is there twice", "give it one value");
            }
            values.put(key, word.substring(equals + 1));
        }
    }

    private int get(SeedClient seed, String name) {
        JsonNode data = seed.get("/v1/apps/" + name + "/config");
        Console console = environment.console();
        if (json) {
            console.line(JsonTree.pretty(data));
            return 0;
        }
        List<JsonNode> keys = data.path("keys")
                .valueStream()
                .filter(key -> words.isEmpty() || words.contains(key.path("key").asText()))
                .toList();
        if (keys.isEmpty()) {
            console.line(words.isEmpty() ? name + " has no keys" : name + " has no such key");
            return words.isEmpty() ? 0 : 1;
        }
        TextTable table = new TextTable("KEY", "VALUE", "FROM", "TYPE");
        for (JsonNode key : keys) {
            String type =
                    key.path("secret").asBoolean() ? "secret" : key.path("type").asText();
            table.row(
                    key.path("key").asText(),
                    shown(key.path("value").asText()),
                    key.path("origin").asText(),
                    type);
            for (JsonNode node : key.path("nodes")) {
                table.row(
                        key.path("key").asText(),
                        shown(node.path("value").asText()),
                        node.path("origin").asText() + " of "
                                + node.path("node").asText(),
                        type);
            }
        }
        table.print(console);
        return 0;
    }

    private static String shown(String value) {
        String line = value.replaceAll("\\s+", " ");
        return line.isEmpty() ? "-" : line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
