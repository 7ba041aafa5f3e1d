package com.espra.protoplex.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a command knows of the world around it, so that a test can give it another one.
 *
 * @param console where it prints
 * @param workingDirectory what relative paths start from
 * @param variables the environment variables
 * @param distribution the folder with the jars that nodes run from
 * @param checkout the folder that holds the {@code protoplex} script
 */
public record Environment(
        Console console,
        Path workingDirectory,
        Map<String, String> variables,
        Optional<Path> distribution,
        Optional<Path> checkout) {

    /** The environment of this process. The script says in system properties what only it knows. */
    static Environment ofProcess(StandardOutput out) {
        boolean seen = Boolean.getBoolean("protoplex.terminal");
        boolean terminal = seen && movesCursor(System.getenv());
        return new Environment(
                new Console(
                        new PrintWriter(out, false, StandardCharsets.UTF_8),
                        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                        terminal,
                        terminal && isEmpty(System.getenv("NO_COLOR")),
                        seen ? Integer.getInteger("protoplex.columns", 0) : 0,
                        System.getProperty("protoplex.command", "protoplex")),
                Path.of("").toAbsolutePath(),
                System.getenv(),
                property("protoplex.home"),
                property("protoplex.checkout"));
    }

    /** A terminal that cannot, and the log of a build server, get plain lines. */
    static boolean movesCursor(Map<String, String> variables) {
        return !"dumb".equals(variables.get("TERM")) && isEmpty(variables.get("CI"));
    }

    private static boolean isEmpty(@Nullable String value) {
        return value == null || value.isEmpty();
    }

    private static Optional<Path> property(String name) {
        return Optional.ofNullable(System.getProperty(name))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }

    /** An environment variable that is set and not empty. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }

    /** A path that the user typed. */
    public Path resolve(String path) {
        return workingDirectory.resolve(path).normalize();
    }

    /** Whether the user asked for stack traces. */
    public boolean debug() {
        return variable("PROTOPLEX_DEBUG").isPresent();
    }
}
