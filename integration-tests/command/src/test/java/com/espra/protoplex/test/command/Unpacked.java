package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Handbook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The tarball that the build makes, unpacked by who has neither a checkout nor Maven. */
final class Unpacked {

    private static final Pattern URL = Pattern.compile("<url>file:///opt/protoplex/(.*)</url>");

    private static final String NODES_NAME = """
            class NodesName {
                static String of(com.espra.protoplex.api.node.Node node) {
                    return node.name();
                }
            }
            """;

    private Unpacked() {}

    /** Unpacks it, and gives the folder of the distribution. */
    static Path in(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path tarball = newest(Fleet.DISTRIBUTION.resolveSibling("."));
        Process tar = new ProcessBuilder("tar", "-xzf", tarball.toString(), "-C", folder.toString())
                .inheritIO()
                .start();
        assertEquals(0, tar.waitFor());
        Path home = one(folder, ".*");
        takeRehearsal(home);
        return home;
    }

    private static Path newest(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("protoplex-.*\\.tar\\.gz"))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .orElseThrow(() -> new AssertionError("no tarball in " + folder + ": mvn verify makes it"));
        }
    }

    private static Path one(Path folder, String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().matches(name))
                    .toList();
            assertEquals(name + " in " + folder + ": " + found, 1, found.size());
            return found.getFirst();
        }
    }

    /** That of the build, or the first command would rehearse for a third of a minute: .done has the time of the jar that it names. */
    private static void takeRehearsal(Path home) throws IOException {
        Path made = Fleet.DISTRIBUTION.resolve("aot");
        if (!Files.exists(made.resolve(".done"))) {
            return;
        }
        Path aot = Files.createDirectories(home.resolve("aot"));
        for (String name : List.of("cli.aot", "host.aot", ".done")) {
            if (Files.exists(made.resolve(name))) {
                Files.copy(made.resolve(name), aot.resolve(name));
            }
        }
        String newest = Files.readAllLines(aot.resolve(".done")).getFirst();
        FileTime time = Files.getLastModifiedTime(home.resolve(newest));
        Files.setLastModifiedTime(aot.resolve(".done"), time);
    }

    /** As a build does that names the repository of the handbook. */
    static void compileAgainstItsRepository(Path home, Path work) throws IOException {
        Matcher url = URL.matcher(Handbook.example("writing-handlers.md", "repository"));
        assertTrue("the repository's URL", url.find());
        Path versions = home.resolve(url.group(1)).resolve("com/espra/protoplex/com.espra.protoplex.api");
        Path version = one(versions, ".*");
        Path jar = one(version, ".*\\.jar");
        String pom = Files.readString(one(version, ".*\\.pom"));
        assertTrue(pom, pom.contains("<version>" + version.getFileName() + "</version>"));
        Path source = Files.writeString(work.resolve("NodesName.java"), NODES_NAME);
        assertEquals(
                "compiled",
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-cp",
                                jar.toString(),
                                "-d",
                                work.toString(),
                                source.toString()));
    }
}
