package com.espra.protoplex.test.command;

import static com.espra.protoplex.test.command.Fleet.DISTRIBUTION;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** One beside the distribution that nodes run from, as another version is installed; deleted when it is closed. */
final class OtherDistribution implements AutoCloseable {

    private final Path folder;

    private OtherDistribution() throws IOException {
        folder = Files.createTempDirectory(DISTRIBUTION.getParent(), "other-");
    }

    /** The same once more. */
    static OtherDistribution whole() throws IOException {
        return new OtherDistribution().with("");
    }

    /** As complete as an installation that was broken off. */
    static OtherDistribution withoutAHost() throws IOException {
        return new OtherDistribution().with("features").with("etc");
    }

    private OtherDistribution with(String part) throws IOException {
        try (Stream<Path> files = Files.walk(DISTRIBUTION.resolve(part))) {
            for (Path file : files.toList()) {
                Path to = folder.resolve(DISTRIBUTION.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.createLink(to, file);
                }
            }
        }
        return this;
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
