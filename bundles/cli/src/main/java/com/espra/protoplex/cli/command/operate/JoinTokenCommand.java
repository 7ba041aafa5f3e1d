package com.espra.protoplex.cli.command.operate;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.push.Caller;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.Amounts;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code join-token}. */
@Command(
        name = "join-token",
        description = {
            "Makes tokens by which nodes of other machines join this fleet.",
            "A token is printed once; it says which Seed the node is to trust, and can be revoked at any time."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex join-token create                             one node, within the hour, with the role app",
            "  protoplex join-token create --ttl 1d --uses 3 --roles app,counter",
            "  protoplex join-token create --node web-3                for that name alone",
            "  protoplex join-token list",
            "  protoplex join-token revoke 6f3a9c12                    nodes that have joined with it stay"
        })
public final class JoinTokenCommand implements Callable<Integer> {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}");

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "create|list|revoke", description = "What to do.")
    private String action = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "Which one.")
    private @Nullable String id;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            description = "How long it is good, such as 30m, 12h, 7d; at most 30d. Otherwise 1h.")
    private String ttl = "1h";

    @Option(names = "--uses", paramLabel = "N", description = "How many nodes may join with it. Otherwise 1.")
    private int uses = 1;

    @Option(names = "--roles", split = ",", paramLabel = "ROLE", description = "What they may do. Otherwise app.")
    private List<String> roles = new ArrayList<>(List.of("app"));

    @Option(names = "--node", paramLabel = "NAME", description = "The only name that a node may join by.")
    private @Nullable String node;

    @Option(names = "--json", description = "The data of the Seed's API, as JSON.")
    private boolean json;

    /** @param environment the world around */
    public JoinTokenCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        return switch (action) {
            case "create" -> create();
            case "list" -> list();
            case "revoke" -> revoke();
            default ->
                throw CliException.usage(
                        "'" + action + "' is nothing that can be done with a join token",
                        "say create, list or revoke: protoplex join-token list");
        };
    }

    private SeedClient seed() throws IOException {
        return SeedClient.of(environment, fleet.find(environment));
    }

    private int create() throws IOException {
        Duration time = Amounts.duration(ttl)
                .orElseThrow(() -> CliException.usage(
                        "'" + ttl + "' is no time", "say a number and s, m, h or d, such as --ttl 1h"));
        ObjectNode body = JsonTree.object()
                .put("ttlSeconds", time.toSeconds())
                .put("uses", uses)
                .put("by", Caller.name());
        ArrayNode wanted = body.putArray("roles");
        roles.forEach(wanted::add);
        if (node != null) {
            body.put("node", node);
        }
        JsonNode made = seed().post("/v1/join-tokens", body);
        Console console = environment.console();
        if (json) {
            console.line(JsonTree.pretty(made));
            return 0;
        }
        console.line(made.path("token").asText());
        String address = made.path("seed").asText();
        console.note("join token " + made.path("id").asText() + " for "
                + made.path("uses").asInt() + " nodes, until "
                + made.path("expires").asText()
                + ". It is shown this once. On the other machine: protoplex join --seed "
                + (address.isEmpty() ? "HOST:PORT" : address) + " --token TOKEN");
        return 0;
    }

    private int list() throws IOException {
        JsonNode data = seed().get("/v1/join-tokens");
        Console console = environment.console();
        if (json) {
            console.line(JsonTree.pretty(data));
            return 0;
        }
        Instant now = Instant.now();
        TextTable table = new TextTable("ID", "STATE", "LEFT", "ROLES", "NODE", "MADE", "BY", "EXPIRES");
        for (JsonNode token : data.path("tokens")) {
            table.row(
                    token.path("id").asText(),
                    token.path("state").asText(),
                    token.path("left").asInt() + " of " + token.path("uses").asInt(),
                    token.path("roles").valueStream().map(JsonNode::asText).collect(Collectors.joining(",")),
                    token.path("node").asText().isEmpty()
                            ? "any"
                            : token.path("node").asText(),
                    Amounts.ago(token.path("created").asText(), now) + " ago",
                    token.path("by").asText(),
                    token.path("expires").asText());
        }
        table.print(console);
        return 0;
    }

    private int revoke() throws IOException {
        if (id == null || !ID.matcher(id).matches()) {
            throw CliException.usage(
                    id == null ? "no join token is named" : "'" + id + "' is not the id of a join token",
                    "`protoplex join-token list` shows the ids");
        }
        seed().delete("/v1/join-tokens/" + id);
        environment.console().line("nobody joins with the token " + id + " any more");
        return 0;
    }
}
