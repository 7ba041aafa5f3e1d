package com.espra.protoplex.cli.command;

import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.local.FleetDir;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of every command that works on a fleet. */
public final class FleetOption {

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The fleet's folder. Otherwise PROTOPLEX_DIR, or the nearest .protoplex.")
    private @Nullable String dir;

    public FleetDir find(Environment environment) {
        return FleetDir.find(environment, dir);
    }

    public FleetDir forUp(Environment environment) {
        return FleetDir.forUp(environment, dir);
    }

    public boolean isGiven() {
        return dir != null;
    }
}
