package com.espra.protoplex.cli.command.read;

import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.command.deploy.AppName;
import com.espra.protoplex.cli.text.Amounts;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code releases}. */
@Command(
        name = "releases",
        description = "Shows what was released of an app: when, by whom, and how it ended. The newest is first.",
        footer = {"", "Examples:", "  protoplex releases hello", "  protoplex releases hello --json"})
public final class ReleasesCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    private ReadOptions options = new ReadOptions();

    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    /** @param environment the world around */
    public ReleasesCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        return options.show(environment, "/v1/apps/" + AppName.checked(app) + "/deployments", this::render);
    }

    private void render(JsonNode data) {
        Instant now = Instant.now();
        TextTable table = new TextTable("ID", "AGE", "BY", "WHAT", "VERSION", "BEFORE", "STATE", "DETAIL");
        for (JsonNode release : data.path("deployments")) {
            table.row(
                    release.path("id").asText(),
                    Amounts.ago(release.path("begun").asText(), now),
                    or(release.path("by").asText()),
                    release.path("kind").asText(),
                    or(release.path("version").asText()),
                    or(release.path("previousVersion").asText()),
                    release.path("state").asText(),
                    or(release.path("detail").asText()));
        }
        table.print(environment.console());
    }

    private static String or(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
