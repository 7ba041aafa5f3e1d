package com.espra.protoplex.cli;

import com.espra.protoplex.json.Nearest;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code protoplex} command. */
public final class Protoplex {

    private static final int WIDEST = 100;
    /** Picocli takes no less. */
    private static final int NARROWEST = 55;

    private Protoplex() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] args) {
        Thread.ofPlatform().daemon().name("json").start(JsonTree::prepare);
        StandardOutput out = new StandardOutput();
        Environment environment = Environment.ofProcess(out);
        int status = run(environment, args);
        System.exit(written(environment.console(), out) ? status : Math.max(status, CliException.REFUSED));
    }

    /** What was not written was not said: so it is no success, whatever was done. */
    static boolean written(Console console, StandardOutput out) {
        console.out().flush();
        Optional<String> problem = out.problem();
        problem.ifPresent(why -> console.problem(
                "standard output cannot be written: " + why,
                "the command has done its work, but not all of what it says is there: give it another output"));
        console.err().flush();
        return problem.isEmpty();
    }

    /** Runs one command in this process. */
    public static int run(Environment environment, String... args) {
        Console console = environment.console();
        CommandLine line = Commands.line(environment, args)
                .setOut(console.out())
                .setErr(console.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(console.colour() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(width(console.columns()))
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((problem, ignored) -> usage(console, problem))
                .setExecutionExceptionHandler((problem, command, result) -> failed(environment, problem));
        try {
            return line.execute(args);
        } catch (LinkageError | StackOverflowError | OutOfMemoryError e) {
            return failed(environment, e);
        }
    }

    private static int width(int columns) {
        return columns == 0 ? WIDEST : Math.clamp(columns, NARROWEST, WIDEST);
    }

    private static int usage(Console console, ParameterException problem) {
        CommandLine line = problem.getCommandLine();
        String known = "`" + line.getCommandSpec().qualifiedName() + " --help` shows what it takes";
        console.problem(firstLine(problem.getMessage()), known);
        if (problem instanceof UnmatchedArgumentException unmatched) {
            suggest(unmatched, line, console);
        }
        return CliException.USAGE;
    }

    private static void suggest(UnmatchedArgumentException unmatched, CommandLine line, Console console) {
        String word = unmatched.getUnmatched().getFirst();
        Optional<String> meant = Nearest.of(word, line.getSubcommands().keySet(), Math.max(1, word.length() / 3));
        if (meant.isPresent()) {
            console.err().println("Did you mean: " + line.getCommandSpec().qualifiedName() + " " + meant.get() + "?");
        } else {
            UnmatchedArgumentException.printSuggestions(unmatched, console.err());
        }
        console.err().flush();
    }

    private static int failed(Environment environment, Throwable problem) {
        Console console = environment.console();
        if (environment.debug()) {
            problem.printStackTrace(console.err());
        }
        CliException expected = problem instanceof CliException known
                ? known
                : FileProblem.of(problem).orElse(null);
        if (expected != null) {
            console.problem(firstLine(expected.getMessage()), expected.next());
            return expected.status();
        }
        console.problem(
                problem.getClass().getSimpleName() + ": " + firstLine(problem.getMessage()),
                environment.debug() ? "" : "run it again with PROTOPLEX_DEBUG=1 to see where, and report it");
        return CliException.REFUSED;
    }

    private static String firstLine(@org.jspecify.annotations.Nullable String message) {
        return message == null ? "no message" : message.strip();
    }
}
