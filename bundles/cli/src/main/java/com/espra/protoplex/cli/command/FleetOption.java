package com.espra.protoplex.cli.command;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.RemoteSeed;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of every command that works on a fleet. */
public final class FleetOption {

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The fleet's folder. Otherwise PROTOPLEX_DIR, or the nearest .protoplex.")
    private @Nullable String dir;

    @Option(
            names = "--seed",
            paramLabel = "URL",
            description =
                    "The Seed of a fleet on another machine, such as https://seed.example.net:8061. PROTOPLEX_TOKEN"
                            + " has the token.")
    private @Nullable String seed;

    @Option(
            names = "--ca",
            paramLabel = "FILE|sha256:HEX",
            description = "Of --seed: how it is known, by the certificate of its authority or the digest of that one's"
                    + " key. `up --address` prints it. Otherwise ca/ca.crt of the fleet's folder.")
    private @Nullable String authority;

    /**
     * The fleet that a command works on.
     *
     * @throws CliException with status 2 or 3 if there is none
     */
    public FleetDir find(Environment environment) throws IOException {
        if (seed == null) {
            requireNoAuthority();
            return FleetDir.find(environment, dir);
        }
        FleetDir keys = FleetDir.forUp(environment, dir);
        String ca = authority == null ? keys.authority().toString() : authority;
        return new FleetDir(keys.path(), Optional.of(RemoteSeed.of(seed, ca, environment.workingDirectory())));
    }

    /** The folder for a fleet of this machine, which need not be there. */
    public FleetDir forUp(Environment environment) {
        requireLocal();
        return FleetDir.forUp(environment, dir);
    }

    /** The folder of a fleet of this machine, for what only its own processes and files can do. */
    public FleetDir local(Environment environment) {
        requireLocal();
        return FleetDir.find(environment, dir);
    }

    /** It would count for nothing, and whoever says it means another Seed. */
    private void requireNoAuthority() {
        if (authority != null) {
            throw CliException.usage(
                    "--ca says how a Seed on another machine is known, and there is no --seed",
                    "say which: --seed https://HOST:8061, or leave --ca out");
        }
    }

    private void requireLocal() {
        if (seed == null) {
            requireNoAuthority();
        }
        if (seed != null) {
            throw CliException.usage(
                    "--seed is not for this command: it works on the fleet of this machine",
                    "name its folder with --dir, or run it on the other machine");
        }
    }

    public boolean isGiven() {
        return dir != null;
    }
}
