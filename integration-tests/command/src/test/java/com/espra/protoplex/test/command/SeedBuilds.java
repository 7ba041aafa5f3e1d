package com.espra.protoplex.test.command;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Later versions of the Seed, made of the one that the distribution carries. */
final class SeedBuilds {

    private static final Path SHIPPED = Fleet.DISTRIBUTION.resolve("roles/seed");

    private final Path folder;

    /** @param folder where they are made */
    SeedBuilds(Path folder) {
        this.folder = folder;
    }

    /** The same code under another version: what {@code push} takes. */
    Path version(String version) throws IOException {
        Path build = Files.createDirectories(folder.resolve("seed-" + version));
        Path bundles = Files.createDirectories(build.resolve("bundles"));
        for (Path jar : shipped()) {
            Files.copy(jar, bundles.resolve(jar.getFileName()));
        }
        String feature = Files.readString(SHIPPED.resolve("seed.json"));
        return Files.writeString(
                build.resolve("seed.json"),
                feature.replaceFirst("(\"id\": \"[^\"]*:seed:)[^\"]*\"", "$1" + version + "\""));
    }

    /** One that lacks the class that reads its state, so that it cannot open it. */
    Path thatCannotOpen(String version) throws IOException {
        Path feature = version(version);
        try (Stream<Path> jars = Files.list(feature.resolveSibling("bundles"))) {
            for (Path jar : jars.toList()) {
                try (FileSystem inside = FileSystems.newFileSystem(jar)) {
                    Files.deleteIfExists(inside.getPath("com/espra/protoplex/seed/state/FileSeedState.class"));
                }
            }
        }
        return feature;
    }

    private static List<Path> shipped() throws IOException {
        try (Stream<Path> jars = Files.list(SHIPPED.resolve("bundles"))) {
            return jars.toList();
        }
    }
}
