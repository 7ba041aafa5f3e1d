package com.espra.protoplex.test.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The examples of the handbooks, as they stand there: what a reader copies is what a test runs. An example is the block of code below a
 * line {@code <!-- example: NAME -->}; the repository's own check refuses one that no test asks for.
 */
public final class Handbook {

    private Handbook() {}

    /**
     * An example.
     *
     * @param page its file below docs, such as {@code writing-roles.md}
     * @param name its name on that page
     * @throws AssertionError if the page has no such example, or two of them
     */
    public static String example(String page, String name) {
        Matcher block = Pattern.compile(
                        "^<!-- example: " + Pattern.quote(name) + " -->\n```[a-z]+\n(.*?)^```$",
                        Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(read(page));
        if (!block.find()) {
            throw new AssertionError("docs/" + page + " has no example '" + name + "'");
        }
        String text = block.group(1);
        if (block.find()) {
            throw new AssertionError("docs/" + page + " has two examples '" + name + "'");
        }
        return text;
    }

    /**
     * An example of a class, as a file: with the package and the imports that the page leaves out for its readers.
     *
     * @param imports types, packages with {@code .*}, or members after {@code static}
     */
    public static String source(String page, String name, String packageName, String... imports) {
        return "package " + packageName + ";\n"
                + Arrays.stream(imports).map(each -> "import " + each + ";\n").collect(Collectors.joining())
                + example(page, name);
    }

    private static String read(String page) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path file = folder.resolve("docs").resolve(page);
            if (Files.exists(file)) {
                try {
                    return Files.readString(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new AssertionError("no docs/" + page + " in this folder or above it");
    }
}
