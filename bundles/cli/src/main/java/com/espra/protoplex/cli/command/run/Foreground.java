package com.espra.protoplex.cli.command.run;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.local.FleetState;
import com.espra.protoplex.cli.local.LocalFleet;
import com.espra.protoplex.cli.local.UpOptions;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A fleet that lives as long as this process. Ctrl-C, SIGTERM and a hang-up stop it in order; a node that ends by itself takes the others
 * with it, because nobody would see that it is gone.
 */
final class Foreground {

    private final Console console;
    private final LocalFleet fleet;

    Foreground(Console console, LocalFleet fleet) {
        this.console = console;
        this.fleet = fleet;
    }

    int run(UpOptions options, Consumer<FleetState> started) throws IOException, InterruptedException {
        Thread hook = new Thread(this::interrupted, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        started.accept(fleet.start(options, true, console::line));
        String death = fleet.awaitDeath();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            hook.join(); // already stopping: the hook ends the process
        }
        fleet.stop(console::line);
        throw CliException.refused(death, "its whole log is beside the lines above; the other nodes were stopped");
    }

    private void interrupted() {
        int status = 0;
        try {
            console.line("");
            fleet.stop(console::line);
            console.line("The fleet has stopped.");
        } catch (IOException | InterruptedException e) {
            console.problem(
                    "the fleet did not stop in order: " + e.getMessage(), "see what still runs: `protoplex down`");
            status = CliException.REFUSED;
        }
        // A process that a signal ends would report the signal; this one has done what it was asked for.
        Runtime.getRuntime().halt(status);
    }
}
