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

    /** Steps of a swap, as they stand in its sources. */
    private static final String OPENS = "        file = new CountFile(";

    private static final String CLOSES = "        file.close();\n    }\n\n    long next()";
    private static final String LEAVES = "        Integer said = members.remove(channel);";
    private static final String ADOPTS = "        members.put(channel, ByteBuffer.wrap(state).getInt());";

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

    /** It hangs where it opens its file, as long as a file that tells it to is there; then another says that it has come so far. */
    static UnaryOperator<String> hangsOpening(Path told, Path reached) {
        return hangsBefore(OPENS, told, reached);
    }

    /** The same where it closes its file. */
    static UnaryOperator<String> hangsClosing(Path told, Path reached) {
        return hangsBefore(CLOSES, told, reached);
    }

    /** The same where it gives a channel away. */
    static UnaryOperator<String> hangsLeaving(Path told, Path reached) {
        return hangsBefore(LEAVES, told, reached);
    }

    /** The same where it takes a channel over. */
    static UnaryOperator<String> hangsAdopting(Path told, Path reached) {
        return hangsBefore(ADOPTS, told, reached);
    }

    /** Nothing interrupts it. */
    private static UnaryOperator<String> hangsBefore(String step, Path told, Path reached) {
        String hang = """
                java.nio.file.Path told = java.nio.file.Path.of("%s");
                if (java.nio.file.Files.exists(told)) {
                    try {
                        java.nio.file.Files.createFile(java.nio.file.Path.of("%s"));
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                    while (java.nio.file.Files.exists(told)) {
                        Thread.interrupted();
                        java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
                    }
                }
                """.formatted(told, reached);
        return source -> source.replace(step, hang + step);
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
