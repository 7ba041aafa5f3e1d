package com.espra.protoplex.cli.command.run;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.FleetState;
import com.espra.protoplex.cli.local.LocalFleet;
import com.espra.protoplex.files.ProcessRef;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code down}. */
@Command(
        name = "down",
        description =
                "Stops the fleet on this machine, in order. What was pushed stays, and serves after the next `up`.",
        footer = {"", "Examples:", "  protoplex down", "  protoplex down --dir /srv/fleet"})
public final class DownCommand implements Callable<Integer> {

    private static final Duration UP_DEADLINE = Duration.ofMinutes(2);

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    /** @param environment the world around */
    public DownCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = environment.console();
        FleetDir dir = fleet.local(environment);
        FleetState state = FleetState.read(dir);
        if (state.alive().isEmpty()) {
            console.line("The fleet in " + dir.path() + " does not run.");
            return 0;
        }
        Optional<ProcessRef> up = state.up().filter(ProcessRef::alive);
        if (up.isPresent()) {
            console.line(
                    "stopping " + state.alive().size() + " of " + state.nodes().size() + " nodes");
            up.get().stop();
            up.get().awaitEnd(UP_DEADLINE);
        }
        LocalFleet.stop(dir, state.nodes(), console::line);
        console.line("The fleet has stopped.");
        return 0;
    }
}
