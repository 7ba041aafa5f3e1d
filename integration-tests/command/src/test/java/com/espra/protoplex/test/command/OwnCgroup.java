package com.espra.protoplex.test.command;

import static org.junit.Assume.assumeTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.rules.ExternalResource;

/** A cgroup v2 of the test's own, where the machine lets this user make one; elsewhere the test is skipped. What is in it afterwards is ended. */
final class OwnCgroup extends ExternalResource {

    private static final String UNIFIED = "0::";

    private Path folder = Path.of("");

    @Override
    protected void before() throws IOException {
        Path made = mounted().resolve("protoplex-it-" + ProcessHandle.current().pid());
        assumeTrue("this machine has no cgroup v2", made.isAbsolute());
        try {
            folder = Files.createDirectory(made);
        } catch (IOException e) {
            assumeTrue("this user may make no cgroup: " + e, false);
        }
    }

    @Override
    protected void after() {
        if (!folder.isAbsolute()) {
            return;
        }
        try {
            Files.writeString(folder.resolve("cgroup.kill"), "1");
            Await.until(
                    "nothing is in " + folder,
                    Fleet.DEADLINE,
                    () -> Files.readString(folder.resolve("cgroup.events")).contains("populated 0"));
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.filter(Files::isDirectory)
                        .sorted(Comparator.reverseOrder())
                        .toList()) {
                    Files.delete(each);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(folder + " cannot be removed", e);
        }
    }

    Path folder() {
        return folder;
    }

    /** What is below it, each the cgroup of a child. */
    List<Path> children() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    /** The cgroup that a process is in. */
    static Path of(long pid) throws IOException {
        String path = Files.readAllLines(Path.of("/proc", Long.toString(pid), "cgroup")).stream()
                .filter(line -> line.startsWith(UNIFIED))
                .findFirst()
                .orElseThrow();
        return Path.of(mounted() + path.substring(UNIFIED.length()));
    }

    private static Path mounted() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line -> Path.of(line.split(" ")[4]))
                .findFirst()
                .orElse(Path.of(""));
    }
}
