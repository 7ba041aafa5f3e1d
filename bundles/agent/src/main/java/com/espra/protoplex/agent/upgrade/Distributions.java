package com.espra.protoplex.agent.upgrade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What may be started when the Seed asks for it. A Seed cannot ship code that no author signed, and that holds for the host, too: it may choose
 * among what this machine's operator has installed in one place, and nothing else. See docs/decisions/0016.
 */
final class Distributions {

    private static final String FEATURES = "features";

    private final Path home;
    private final Owners owners;

    /** Whose a file is. */
    @FunctionalInterface
    interface Owners {

        Object of(Path file) throws IOException;
    }

    /** @param home what the node runs from, as it was told: the name of a link stays a link, which may lead elsewhere by now */
    Distributions(Path home, Owners owners) {
        this.home = home;
        this.owners = owners;
    }

    /**
     * The distribution to start from.
     *
     * @param asked a folder; empty: the one that the node runs from
     * @return that folder without links, so that nobody can turn one round later; what the node runs from as the node was told
     * @throws IOException if it may not be started; the message is for people
     */
    Path choose(String asked) throws IOException {
        Path runs = runs();
        Path real = asked.isEmpty() || asked.equals(home.toString()) ? runs : real(asked, runs);
        if (real.equals(runs)) {
            requireFeatures(runs);
            return home;
        }
        if (!Objects.equals(real.getParent(), runs.getParent())) {
            throw notBeside(asked, runs, null);
        }
        if (!owners.of(real).equals(owners.of(runs))) {
            throw new IOException(asked + " belongs to another user than " + runs
                    + ", which this node runs from: it is not started because the Seed asks");
        }
        requireFeatures(real);
        return real;
    }

    /** The folder that the node runs from, without links; empty if that cannot be told. */
    String running() {
        try {
            return runs().toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** Where it lies now. */
    private Path runs() throws IOException {
        try {
            return home.toRealPath();
        } catch (NoSuchFileException e) {
            throw new IOException(home + ", which this node runs from, leads to no folder", e);
        }
    }

    /** What is not there and what is elsewhere are refused alike: the Seed is not told which folders there are. */
    private static Path real(String asked, Path runs) throws IOException {
        try {
            Path path = Path.of(asked);
            if (path.isAbsolute()) {
                return path.toRealPath();
            }
        } catch (IOException | IllegalArgumentException e) {
            throw notBeside(asked, runs, e);
        }
        throw notBeside(asked, runs, null);
    }

    private static IOException notBeside(String asked, Path runs, @Nullable Exception cause) {
        return new IOException(
                asked + " is no folder beside " + runs
                        + ", which this node runs from: nothing else is started because the Seed asks. node:upgrade in the node's shell takes"
                        + " any",
                cause);
    }

    private static void requireFeatures(Path real) throws IOException {
        if (!Files.isDirectory(real.resolve(FEATURES), LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(real + " is no distribution: it has no folder '" + FEATURES + "'");
        }
    }
}
