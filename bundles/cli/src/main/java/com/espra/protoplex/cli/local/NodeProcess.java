package com.espra.protoplex.cli.local;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.files.ProcessRef;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The process of one node, from its start until it serves. */
final class NodeProcess {

    private static final String MAIN = "com.espra.protoplex.host.Main";
    private static final Duration START_DEADLINE = Duration.ofSeconds(90);
    private static final long POLL_MILLIS = 10;
    private static final int LAST_LINES = 12;

    private static final String SERVING_OPTIONS = "etc/jvm.options";
    private static final String PARENT_OPTIONS = "etc/parent.options";

    /** Used when the distribution has no such file. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "--enable-native-access=ALL-UNNAMED");

    private final String name;
    private final Path data;
    private final Process process;

    private NodeProcess(String name, Path data, Process process) {
        this.name = name;
        this.data = data;
        this.process = process;
    }

    static NodeProcess start(Path distribution, String name, Path data, NodeFile file) throws IOException {
        Files.deleteIfExists(data.resolve("upgrade.json"));
        Files.deleteIfExists(data.resolve("status.json"));
        Path log = data.resolve("log");
        Files.createDirectories(log);
        ProcessBuilder builder = new ProcessBuilder(command(distribution, data, file))
                .directory(data.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.resolve("console.log").toFile());
        // The host takes every variable with this prefix for configuration; these are the script's.
        builder.environment().remove("PROTOPLEX_JAVA_OPTS");
        // An operator's, and nothing for apps to find.
        builder.environment().remove("PROTOPLEX_TOKEN");
        return new NodeProcess(name, data, builder.start());
    }

    /**
     * The node ignores the terminal's Ctrl-C and hang-up: they reach every process of the terminal at once, and it is {@code up} that
     * stops the nodes, in order.
     */
    private static List<String> command(Path distribution, Path data, NodeFile file) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$@\"", "protoplex-node"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(standardOptions(distribution.resolve(file.hasChildren() ? PARENT_OPTIONS : SERVING_OPTIONS)));
        if (!System.getProperty("os.name").equals("Linux")) {
            // Some of the distribution's options, that for large pages for one, are known to the JVM of Linux alone.
            command.add("-XX:+IgnoreUnrecognizedVMOptions");
        }
        Path cache = distribution.resolve("aot/host.aot");
        if (Files.exists(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        // Those of a node with children are for the children, and its parent passes them on.
        if (!file.hasChildren()) {
            command.addAll(file.jvmOptions());
        }
        command.add("-Dprotoplex.home=" + distribution);
        // The host, the platform's bundles and the Seed as it is shipped, whose classes the JVM has ready in its cache.
        String classPath = Stream.of("lib/host", "bundles", "roles/seed/bundles")
                .map(folder -> distribution.resolve(folder) + "/*")
                .collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("-cp", classPath, MAIN, "--data", data.toString()));
        return command;
    }

    private static List<String> standardOptions(Path file) throws IOException {
        if (!Files.exists(file)) {
            return JVM_OPTIONS;
        }
        return Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    /**
     * Waits until the node serves.
     *
     * @return name to URL of what it listens on
     * @throws CliException with status 1 if it ends, or takes too long
     */
    Map<String, String> awaitServing() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_DEADLINE.toNanos();
        while (true) {
            JsonNode status = status();
            if (status.path("phase").asText().equalsIgnoreCase("serving")) {
                Map<String, String> addresses = new LinkedHashMap<>();
                status.path("addresses")
                        .properties()
                        .forEach(e -> addresses.put(e.getKey(), e.getValue().asText()));
                requireUsable(status, addresses);
                return addresses;
            }
            if (!process.isAlive()) {
                throw CliException.refused(
                        name + " ended with status " + process.exitValue() + " before it served" + lastLines(),
                        "the whole log is in " + data.resolve("log"));
            }
            if (System.nanoTime() - deadline > 0) {
                throw CliException.refused(
                        name + " does not serve after " + START_DEADLINE.toSeconds() + " s" + lastLines(),
                        "the whole log is in " + data.resolve("log"));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Without the Seed nothing can be pushed, and without http nobody is served. Without https it goes on: {@code up} says so. */
    private void requireUsable(JsonNode status, Map<String, String> addresses) {
        for (String listener : List.of("http", UpOptions.SEED)) {
            String problem = status.path("problems").path(listener).asText();
            if (!problem.isEmpty() && !addresses.containsKey(listener)) {
                throw CliException.refused(
                        name + " does not serve: " + problem,
                        "correct it, in " + data.resolve("node.json") + " perhaps, and start it again");
            }
        }
    }

    /** What the node says of itself; what an earlier process left behind does not count. */
    private JsonNode status() throws IOException {
        Path file = data.resolve("status.json");
        if (!Files.exists(file)) {
            return JsonTree.object();
        }
        JsonNode status = JsonTree.parseLeniently(Files.readString(file));
        return status.path("pid").asLong() == process.pid() ? status : JsonTree.object();
    }

    /** The last lines of what the node wrote, for an error. */
    String lastLines() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String file : List.of("console.log", "node.log")) {
            Path log = data.resolve("log").resolve(file);
            if (Files.exists(log) && Files.size(log) > 0) {
                List<String> lines = Tail.lines(log, LAST_LINES);
                text.append("\n  ").append(log).append(" ends with:");
                lines.forEach(line -> text.append("\n    ").append(line));
            }
        }
        return text.toString();
    }

    String name() {
        return name;
    }

    /** How the process that was started ended; a successor's end is nobody's child's. */
    String exitStatus() {
        return process.isAlive() ? "unknown" : Integer.toString(process.exitValue());
    }

    ProcessRef ref() {
        return ProcessRef.of(process.toHandle());
    }
}
