package com.espra.protoplex.checks;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/** Documents: what they refer to is there, and decisions have one form. */
public class DocumentsTest {

    private static final Path DECISIONS = Repository.ROOT.resolve("docs/decisions");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)\\s]*)?\\)");
    private static final Pattern DECISION = Pattern.compile("decisions/(\\d{4})");
    private static final Pattern TEXT = Pattern.compile(".*\\.(java|md|xml|bnd|options|yaml)");

    private static final Pattern TEST = Pattern.compile(".*/src/test/.*\\.java");
    private static final Pattern EXAMPLE =
            Pattern.compile("^(?:<!-- example: (.+) -->\n)?```([a-z]+)$", Pattern.MULTILINE);

    private static final int MOST_LINES = 25;
    private static final int LONGEST_LINE = 100;

    @Test
    public void linksLeadToFiles() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path document : Repository.files(file -> file.toString().endsWith(".md"))) {
            LINK.matcher(Files.readString(document))
                    .results()
                    .map(link -> link.group(1))
                    .filter(link -> Files.notExists(document.resolveSibling(link)))
                    .forEach(link -> wrong.add(named(document) + " has a link to " + link));
        }
        assertTrue(String.join("\n", wrong), wrong.isEmpty());
    }

    @Test
    public void decisionsThatAreReferredToAreThere() throws IOException {
        List<String> numbers =
                decisions().stream().map(page -> number(page.getFileName())).toList();
        List<String> wrong = new ArrayList<>();
        for (Path text : Repository.files(file -> TEXT.matcher(file.toString()).matches())) {
            DECISION.matcher(Files.readString(text))
                    .results()
                    .map(reference -> reference.group(1))
                    .filter(reference -> !numbers.contains(reference))
                    .forEach(reference -> wrong.add(named(text) + " refers to decision " + reference));
        }
        assertTrue(String.join("\n", wrong), wrong.isEmpty());
    }

    @Test
    public void decisionsHaveOneForm() throws IOException {
        String index = Files.readString(DECISIONS.resolve("README.md"));
        List<String> wrong = new ArrayList<>();
        for (Path page : decisions()) {
            List<String> lines = Files.readAllLines(page);
            String title = lines.getFirst().replaceFirst("# ", "");
            if (!title.startsWith(number(page.getFileName()).replaceFirst("0+", "") + ". ")) {
                wrong.add(named(page) + ": its title does not begin with its number");
            }
            if (!index.contains("[" + title + "](" + page.getFileName() + ")")) {
                wrong.add(named(page) + " is not in README.md by its title");
            }
            for (String part : List.of("**Context", "**Decision", "**Consequences")) {
                if (lines.stream().noneMatch(line -> line.startsWith(part))) {
                    wrong.add(named(page) + " has no " + part.substring(2));
                }
            }
            if (lines.size() > MOST_LINES) {
                wrong.add(named(page) + " has more than " + MOST_LINES + " lines");
            }
            if (lines.stream().anyMatch(line -> line.length() > LONGEST_LINE)) {
                wrong.add(named(page) + " has lines of more than " + LONGEST_LINE + " characters");
            }
        }
        assertTrue(String.join("\n", wrong), wrong.isEmpty());
    }

    /** Every block of code in a handbook has a name, and a test that asks for it by that name. */
    @Test
    public void examplesOfTheHandbooksAreRun() throws IOException {
        Path docs = Repository.ROOT.resolve("docs");
        List<String> tests = new ArrayList<>();
        for (Path test : Repository.files(file -> TEST.matcher(file.toString()).matches())) {
            String text = Files.readString(test);
            if (text.contains("Handbook.")) {
                tests.add(text);
            }
        }
        List<String> wrong = new ArrayList<>();
        for (Path page : Repository.files(
                file -> file.startsWith(docs) && file.toString().endsWith(".md"))) {
            String name = "\"" + docs.relativize(page) + "\"";
            EXAMPLE.matcher(Files.readString(page)).results().forEach(example -> {
                String asked = "\"" + example.group(1) + "\"";
                if (example.group(1) == null) {
                    wrong.add(named(page) + " shows " + example.group(2)
                            + " without a name: put <!-- example: NAME --> above it,"
                            + " and run it in a test, by Handbook.example");
                } else if (tests.stream().noneMatch(text -> text.contains(name) && text.contains(asked))) {
                    wrong.add(named(page) + " has the example " + asked + ", which no test asks Handbook for");
                }
            });
        }
        assertTrue(String.join("\n", wrong), wrong.isEmpty());
    }

    private static List<Path> decisions() throws IOException {
        try (Stream<Path> pages = Files.list(DECISIONS)) {
            return pages.filter(page -> page.getFileName().toString().matches("\\d{4}-.*\\.md"))
                    .sorted()
                    .toList();
        }
    }

    private static String number(Path name) {
        return name.toString().substring(0, 4);
    }

    private static Path named(Path file) {
        return Repository.ROOT.relativize(file);
    }
}
