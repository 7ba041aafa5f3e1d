package com.espra.protoplex.cli.command.deploy;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.push.Caller;
import com.espra.protoplex.cli.push.PushProgress;
import com.espra.protoplex.cli.push.Verdict;
import com.espra.protoplex.cli.seed.SeedClient;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code remove}. */
@Command(
        name = "remove",
        description = "Removes an app from all nodes. Its builds stay: a roll-back to one of them brings it back.",
        footer = {"", "Examples:", "  protoplex remove hello"})
public final class RemoveCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    /** @param environment the world around */
    public RemoveCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        SeedClient seed = SeedClient.of(environment, fleet.find(environment));
        Console console = environment.console();
        JsonNode begun = seed.delete(
                "/v1/apps/" + AppName.checked(app), JsonTree.object().put("by", Caller.name()));
        PushProgress progress = PushProgress.on(console);
        JsonNode end = seed.watch(begun, progress::step);
        progress.end();
        return Verdict.print(console, end);
    }
}
