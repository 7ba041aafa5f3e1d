package com.espra.protoplex.cli;

import static org.junit.Assert.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The command line in this process, in a world that a test makes. */
public final class Cli {

    private final Path workingDirectory;
    private final Map<String, String> variables = new HashMap<>();
    private Optional<Path> distribution = Optional.empty();
    private Optional<Path> checkout = Optional.empty();
    private boolean terminal;
    private int columns;
    private String command = "protoplex";

    /** In a folder, on no terminal. */
    public Cli(Path workingDirectory) {
        this.workingDirectory = workingDirectory;
    }

    /** With an environment variable. */
    public Cli with(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** With a distribution. */
    public Cli distribution(Path folder) {
        distribution = Optional.of(folder);
        return this;
    }

    /** Beside a script. */
    public Cli checkout(Path folder) {
        checkout = Optional.of(folder);
        return this;
    }

    /** On a terminal. */
    public Cli terminal() {
        terminal = true;
        return this;
    }

    /** On a terminal of this width. */
    public Cli columns(int width) {
        columns = width;
        return this;
    }

    /** Typed like this. */
    public Cli typedAs(String name) {
        command = name;
        return this;
    }

    /** How a command ended, and what it said. */
    public record Result(int status, String out, String err) {

        /** Fails unless it ended like this. */
        public Result ended(int expected) {
            assertEquals(toString(), expected, status);
            return this;
        }

        @Override
        public String toString() {
            return "exit " + status + "\n--- out\n" + out + "\n--- err\n" + err;
        }
    }

    /** Runs a command. */
    public Result run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Protoplex.run(environment(out, err), args);
        return new Result(status, out.toString(), err.toString());
    }

    /** The world of this command line. */
    public Environment environment(StringWriter out, StringWriter err) {
        Console console = new Console(new PrintWriter(out), new PrintWriter(err), terminal, terminal, columns, command);
        return new Environment(console, workingDirectory, Map.copyOf(variables), distribution, checkout);
    }
}
