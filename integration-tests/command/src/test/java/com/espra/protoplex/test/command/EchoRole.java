package com.espra.protoplex.test.command;

import com.espra.protoplex.test.support.TestBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The example of a role in examples/echo-role, as it stands, built as several versions. */
final class EchoRole {

    private static final Path PROJECT = Path.of("../../examples/echo-role");

    private final Path root;

    /** @param root where builds may lie */
    EchoRole(Path root) {
        this.root = root;
    }

    /** What the project's build makes, without Maven. */
    Path build(String version) throws IOException {
        return build(version, UnaryOperator.identity());
    }

    /** @param changed what is made of each source */
    Path build(String version, UnaryOperator<String> changed) throws IOException {
        Path target = Files.createDirectories(root.resolve("echo-" + version));
        bundle("answer", version, changed, target.resolve("echo-" + version + ".jar"));
        bundle("room", version, changed, target.resolve("echo-" + version + "-room.jar"));
        bundle("counter", version, changed, target.resolve("echo-" + version + "-counter.jar"));
        bundle("lines", version, changed, target.resolve("echo-" + version + "-lines.jar"));
        return feature("echo.json", version);
    }

    /** One of its features, of a version that was built. */
    Path feature(String name, String version) throws IOException {
        Path target = root.resolve("echo-" + version);
        String feature = Files.readString(PROJECT.resolve("src/main/feature").resolve(name))
                .replace("${project.groupId}", "com.example")
                .replace("${project.artifactId}", "echo")
                .replace("${project.version}", version);
        return Files.writeString(target.resolve(name), feature);
    }

    private static void bundle(String name, String version, UnaryOperator<String> changed, Path jar)
            throws IOException {
        TestBundle bundle = TestBundle.named("com.example.echo." + name).version(version);
        try (Stream<Path> sources = Files.list(PROJECT.resolve("src/main/java/com/example/echo/" + name))) {
            for (Path source : sources.sorted().toList()) {
                // The room says its version with each message, so that it can be told when one hears the next one.
                bundle.source(changed.apply(Files.readString(source))
                        .replace("member.send(text", "member.send(\"" + version + " \" + text"));
            }
        }
        Files.move(bundle.build(jar.resolveSibling("made")), jar);
    }
}
