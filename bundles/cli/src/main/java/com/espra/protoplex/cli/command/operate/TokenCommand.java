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
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code token}. */
@Command(
        name = "token",
        description = {
            "Makes tokens for people and programs that are to do less than the operator: they look, or push.",
            "A token is printed once, and can be revoked at any time. A command takes it from PROTOPLEX_TOKEN."
        },
        footer = {
            "",
            "Scopes: read (to look), push (and builds, roll-backs, configuration), admin (everything).",
            "",
            "Examples:",
            "  protoplex token create ci --scope push --ttl 90d",
            "  PROTOPLEX_TOKEN=protoplex_... protoplex push shop.json",
            "  protoplex token list",
            "  protoplex token revoke 6f3a9c12             at once"
        })
public final class TokenCommand implements Callable<Integer> {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}");

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "create|list|revoke", description = "What to do.")
    private String action = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME|ID", description = "What it is for; or which one.")
    private @Nullable String name;

    @Option(names = "--scope", paramLabel = "SCOPE", description = "read, push or admin. Otherwise read.")
    private String scope = "read";

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            description = "How long it is good, such as 30m, 12h, 90d. Otherwise until it is revoked.")
    private @Nullable String ttl;

    @Option(names = "--json", description = "The data of the Seed's API, as JSON.")
    private boolean json;

    /** @param environment the world around */
    public TokenCommand(Environment environment) {
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
                        "'" + action + "' is nothing that can be done with a token",
                        "say create, list or revoke: protoplex token list");
        };
    }

    private SeedClient seed() throws IOException {
        return SeedClient.of(environment, fleet.find(environment));
    }

    private int create() throws IOException {
        if (name == null) {
            throw CliException.usage("the token has no name", "say what it is for: protoplex token create ci");
        }
        ObjectNode body =
                JsonTree.object().put("name", name).put("scope", scope).put("by", Caller.name());
        if (ttl != null) {
            Duration time = Amounts.duration(ttl)
                    .orElseThrow(() -> CliException.usage(
                            "'" + ttl + "' is no time", "say a number and s, m, h or d, such as --ttl 90d"));
            body.put("ttlSeconds", time.toSeconds());
        }
        JsonNode made = seed().post("/v1/tokens", body);
        Console console = environment.console();
        if (json) {
            console.line(JsonTree.pretty(made));
            return 0;
        }
        console.line(made.path("token").asText());
        String expires = made.path("expires").asText();
        console.note(
                "token " + made.path("id").asText() + " '" + made.path("name").asText() + "' with the scope "
                        + made.path("scope").asText() + (expires.isEmpty() ? "" : ", until " + expires)
                        + ". It is shown this once: keep it as a secret");
        return 0;
    }

    private int list() throws IOException {
        JsonNode data = seed().get("/v1/tokens");
        Console console = environment.console();
        if (json) {
            console.line(JsonTree.pretty(data));
            return 0;
        }
        Instant now = Instant.now();
        TextTable table = new TextTable("ID", "NAME", "SCOPE", "MADE", "BY", "EXPIRES");
        for (JsonNode token : data.path("tokens")) {
            String expires = token.path("expires").asText();
            table.row(
                    token.path("id").asText(),
                    token.path("name").asText(),
                    token.path("scope").asText(),
                    Amounts.ago(token.path("created").asText(), now) + " ago",
                    token.path("by").asText(),
                    expires.isEmpty() ? "never" : expires);
        }
        table.print(console);
        return 0;
    }

    private int revoke() throws IOException {
        if (name == null || !ID.matcher(name).matches()) {
            throw CliException.usage(
                    name == null ? "no token is named" : "'" + name + "' is not the id of a token",
                    "`protoplex token list` shows the ids");
        }
        JsonNode revoked = seed().delete("/v1/tokens/" + name);
        environment
                .console()
                .line("token " + name + " '" + revoked.path("name").asText() + "' is good for nothing any more");
        return 0;
    }
}
