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
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rollback}. */
@Command(
        name = "rollback",
        description = "Moves the fleet back to the build of an app that served before, or to a version that is named.",
        footer = {
            "",
            "Examples:",
            "  protoplex rollback hello          to what served well before",
            "  protoplex rollback hello 1.0.1    to this version; `protoplex builds` shows which there are"
        })
public final class RollbackCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "APP", description = "The app.")
    private String app = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "VERSION",
            description = "The version; the previous one otherwise.")
    private @Nullable String version;

    /** @param environment the world around */
    public RollbackCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        SeedClient seed = SeedClient.of(environment, fleet.find(environment));
        Console console = environment.console();
        ObjectNode wish = JsonTree.object().put("by", Caller.name());
        if (version != null) {
            wish.put("version", version);
        }
        JsonNode begun = seed.post("/v1/apps/" + AppName.checked(app) + "/rollback", wish);
        PushProgress progress = PushProgress.on(console);
        JsonNode end = seed.watch(begun, progress::step);
        progress.end();
        return Verdict.print(console, end);
    }
}
