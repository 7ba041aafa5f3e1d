package com.espra.protoplex.cli.command.read;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.seed.SeedClient;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all commands have in common that read from the Seed and show it: the API's data as it is, or rendered. */
final class ReadOptions {

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--json", description = "The data of the Seed's API, as JSON.")
    private boolean json;

    FleetOption fleet() {
        return fleet;
    }

    int show(Environment environment, String path, Consumer<JsonNode> rendering) throws IOException {
        JsonNode data = SeedClient.of(environment, fleet.find(environment)).get(path);
        Console console = environment.console();
        if (json) {
            console.line(JsonTree.pretty(data));
        } else {
            rendering.accept(data);
        }
        return 0;
    }
}
