package com.espra.protoplex.cli.command.read;

import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.Amounts;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code builds}. */
@Command(
        name = "builds",
        description = "Shows the builds that the Seed keeps: what serves, and what a roll-back can go to.",
        footer = {
            "",
            "Examples:",
            "  protoplex builds",
            "  protoplex builds --json",
            "  protoplex builds --purge    only what serves and what a roll-back goes to is kept"
        })
public final class BuildsCommand implements Callable<Integer> {

    private static final int DIGEST_DIGITS = 12;

    private final Environment environment;

    @Mixin
    private ReadOptions options = new ReadOptions();

    @Option(
            names = "--purge",
            description = "Deletes all builds, first, that neither serve nor are what a roll-back goes to.")
    private boolean purge;

    /** @param environment the world around */
    public BuildsCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        if (purge) {
            long deleted = SeedClient.of(environment, options.fleet().find(environment))
                    .delete("/v1/builds")
                    .path("deleted")
                    .asLong();
            environment.console().note(deleted + " builds were deleted");
        }
        return options.show(environment, "/v1/builds", this::render);
    }

    private void render(JsonNode data) {
        Instant now = Instant.now();
        TextTable table = new TextTable("APP", "VERSION", "STATE", "AGE", "SIZE", "FILES", "AUTHOR", "DIGEST");
        for (JsonNode build : data.path("builds")) {
            String digest = build.path("digest").asText();
            table.row(
                    build.path("unit").asText(),
                    build.path("version").asText(),
                    build.path("state").asText(),
                    Amounts.ago(build.path("created").asText(), now),
                    Amounts.bytes(build.path("bytes").asLong()),
                    build.path("files").asLong(),
                    build.path("author").asText(),
                    digest.substring(0, Math.min(DIGEST_DIGITS, digest.length())));
        }
        table.print(environment.console());
    }
}
