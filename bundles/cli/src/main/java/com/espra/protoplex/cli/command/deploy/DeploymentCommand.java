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
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code deployment}. */
@Command(
        name = "deployment",
        description = {
            "Gives a deployment up that goes on: all nodes go back to what served before.",
            "One that goes back already ends, and is not waited for any more."
        },
        footer = {"", "Examples:", "  protoplex deployment abort 7    `protoplex status` shows which goes on"})
public final class DeploymentCommand implements Callable<Integer> {

    private static final String ABORT = "abort";

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = ABORT, description = "What to do with it.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "ID", description = "The number of the deployment.")
    private long id;

    /** @param environment the world around */
    public DeploymentCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!action.equals(ABORT)) {
            throw CliException.usage(
                    "'" + action + "' is nothing that can be done with a deployment",
                    "give it up: protoplex deployment abort " + id);
        }
        SeedClient seed = SeedClient.of(environment, fleet.find(environment));
        Console console = environment.console();
        JsonNode begun =
                seed.post("/v1/deployments/" + id + "/abort", JsonTree.object().put("by", Caller.name()));
        PushProgress progress = PushProgress.on(console);
        JsonNode end = seed.watch(begun, progress::step);
        progress.end();
        console.line(end.path("detail").asText());
        return 0;
    }
}
