package com.espra.protoplex.cli.local;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a fleet on this machine: see docs/ARCHITECTURE.md, "Folders".
 *
 * @param path absolute
 * @param remote the Seed that was named in its place; the folder has this user's keys then, if it is there
 */
public record FleetDir(Path path, Optional<RemoteSeed> remote) {

    /** One with a fleet of this machine. */
    public FleetDir(Path path) {
        this(path, Optional.empty());
    }

    /** The name of the folder unless the user gives another one. */
    public static final String NAME = ".protoplex";

    /**
     * Finds the folder of a fleet that should be there: the option, PROTOPLEX_DIR, the nearest {@code .protoplex} from the working
     * directory upwards, or the one beside the script.
     *
     * @throws CliException with status 3 if there is none
     */
    public static FleetDir find(Environment environment, @Nullable String option) {
        FleetDir named = named(environment, option);
        if (named != null) {
            if (!Files.exists(named.fleetFile())) {
                throw CliException.unreachable("there is no fleet in " + named.path(), "run " + named.command("up"));
            }
            return named;
        }
        for (Path folder = environment.workingDirectory(); folder != null; folder = folder.getParent()) {
            FleetDir candidate = new FleetDir(folder.resolve(NAME));
            if (Files.exists(candidate.fleetFile())) {
                return candidate;
            }
        }
        return environment
                .checkout()
                .map(checkout -> new FleetDir(checkout.resolve(NAME)))
                .filter(candidate -> Files.exists(candidate.fleetFile()))
                .orElseThrow(() -> CliException.unreachable(
                        "no fleet was found: there is no " + NAME + " folder in " + environment.workingDirectory()
                                + " or above it",
                        "run `protoplex up`, or name the fleet's folder with --dir or PROTOPLEX_DIR"));
    }

    /** The folder that {@code up} uses: the option, PROTOPLEX_DIR, or {@code .protoplex} in the working directory. */
    public static FleetDir forUp(Environment environment, @Nullable String option) {
        FleetDir named = named(environment, option);
        return named == null ? new FleetDir(environment.resolve(NAME)) : named;
    }

    private static @Nullable FleetDir named(Environment environment, @Nullable String option) {
        String name = option == null ? environment.variable("PROTOPLEX_DIR").orElse(null) : option;
        return name == null ? null : new FleetDir(environment.resolve(name));
    }

    /** What is running, and where. */
    public Path fleetFile() {
        return path.resolve("fleet.json");
    }

    /** The keys of the author and the operator. */
    public Path keys() {
        return path.resolve("keys");
    }

    /** Ed25519 private key of whoever pushes. */
    public Path authorKey() {
        return keys().resolve("author.key");
    }

    /** SSH private key of the operator, in OpenSSH's format; the public key is beside it. */
    public Path operatorKey() {
        return keys().resolve("operator");
    }

    /** SSH public key of the operator, as a line of an authorized_keys file. */
    public Path operatorPublicKey() {
        return keys().resolve("operator.pub");
    }

    /** The bearer token of the Seed's API. */
    public Path operatorToken() {
        return path.resolve("operator.token");
    }

    /** The bearer token of the nodes' links. */
    public Path linkToken() {
        return path.resolve("link.token");
    }

    /** The certificate of what vouches for the Seed to other machines; on those, what vouches for theirs. */
    public Path authority() {
        return certificates().resolve("ca.crt");
    }

    /** The folder of the authority for certificates, and of the Seed's own. */
    Path certificates() {
        return path.resolve("ca");
    }

    /** Which Seed on another machine the node of this folder has joined; there is none in the folder of a fleet's own Seed. */
    public Path joinedFile() {
        return path.resolve("joined.json");
    }

    /** The folders of the nodes. */
    public Path nodes() {
        return path.resolve("nodes");
    }

    /** The data folder of a node. */
    public Path node(String name) {
        return nodes().resolve(name);
    }

    /** The names of the nodes that have a folder, in order. */
    public List<String> nodeNames() throws IOException {
        if (!Files.isDirectory(nodes())) {
            return List.of();
        }
        try (var folders = Files.list(nodes())) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted(NodeNames.ORDER)
                    .toList();
        }
    }

    /** How to type a command about this fleet. */
    public String command(String words) {
        return path.endsWith(NAME) ? "`protoplex " + words + "`" : "`protoplex " + words + " --dir " + path + "`";
    }
}
