package com.espra.protoplex.cli.command.read;

import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code routes}. */
@Command(
        name = "routes",
        description = {
            "Shows what is served where: one line for each route and node.",
            "stream:NAME is the connections of the listener NAME, which a role serves."
        },
        footer = {"", "Examples:", "  protoplex routes", "  protoplex routes --json"})
public final class RoutesCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    private ReadOptions options = new ReadOptions();

    /** @param environment the world around */
    public RoutesCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        return options.show(environment, "/v1/routes", this::render);
    }

    private void render(JsonNode data) {
        TextTable table = new TextTable("ROUTE", "APP", "VERSION", "NODE", "ADDRESS");
        for (JsonNode route : data.path("routes")) {
            table.row(
                    route.path("route").asText(),
                    route.path("app").asText(),
                    route.path("version").asText(),
                    route.path("node").asText(),
                    route.path("address").asText());
        }
        table.print(environment.console());
    }
}
