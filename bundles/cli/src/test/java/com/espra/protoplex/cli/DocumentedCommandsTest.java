package com.espra.protoplex.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What the README and the handbooks tell a reader to type is a command with such options. */
public class DocumentedCommandsTest {

    /** Up to what the shell, or a reader, takes for something else. */
    private static final Pattern TYPED = Pattern.compile("(?<![\\w/])\\./protoplex((?: +[^\\s`#>|<;&)]+)+)");

    private static final int FEWEST = 40;

    @Test
    public void eachCanBeTyped() throws IOException {
        Path root = Path.of("../..").toRealPath();
        List<Path> pages = new ArrayList<>(List.of(root.resolve("README.md")));
        for (String folder : List.of("docs", "examples")) {
            try (Stream<Path> files = Files.walk(root.resolve(folder))) {
                pages.addAll(
                        files.filter(file -> file.toString().endsWith(".md")).toList());
            }
        }
        List<String> wrong = new ArrayList<>();
        int typed = 0;
        for (Path page : pages) {
            for (String words : TYPED.matcher(Files.readString(page))
                    .results()
                    .map(match -> match.group(1).strip())
                    .toList()) {
                typed++;
                problem(words)
                        .ifPresent(why -> wrong.add(root.relativize(page) + ": ./protoplex " + words + ": " + why));
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue("too few are found: " + typed, typed >= FEWEST);
    }

    private static Optional<String> problem(String words) {
        CommandLine line = Commands.full(new Cli(Path.of("")).environment(new StringWriter(), new StringWriter()));
        String[] args = words.split(" +");
        if (args.length == 1 && !args[0].startsWith("-")) {
            // A sentence that speaks of a command need not say all of it.
            return line.getSubcommands().containsKey(args[0])
                    ? Optional.empty()
                    : Optional.of("there is no such command");
        }
        try {
            line.parseArgs(args);
            return Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
