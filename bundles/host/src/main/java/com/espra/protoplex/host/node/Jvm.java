package com.espra.protoplex.host.node;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command of a JVM that runs the host.
 *
 * @param home the distribution
 */
record Jvm(Path home) {

    private static final String MAIN = "com.espra.protoplex.host.Main";

    /** The options that the distribution gives to a process that serves. */
    static final String SERVING_OPTIONS = "etc/jvm.options";

    /** Those that it gives to a child beside them. */
    static final String CHILD_OPTIONS = "etc/child.options";

    /** The options that the distribution gives to a parent. */
    static final String PARENT_OPTIONS = "etc/parent.options";

    /** The Java that this process runs on runs the others, too. */
    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /**
     * The command.
     *
     * @param options the files of the distribution's options
     * @param more further options; they win
     * @param arguments those of the host
     */
    List<String> command(List<String> options, List<String> more, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java().toString());
        for (String file : options) {
            command.addAll(read(home.resolve(file)));
        }
        Path cache = home.resolve("aot/host.aot");
        if (Files.exists(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.addAll(more);
        command.add("-Dprotoplex.home=" + home);
        command.addAll(List.of("-cp", classPath(), MAIN));
        command.addAll(arguments);
        return command;
    }

    /** The host, the platform's bundles and the Seed as it is shipped, whose classes the JVM has ready in its cache. */
    private String classPath() {
        return Stream.of("lib/host", "bundles", "roles/seed/bundles")
                .map(folder -> home.resolve(folder) + "/*")
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> read(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}
