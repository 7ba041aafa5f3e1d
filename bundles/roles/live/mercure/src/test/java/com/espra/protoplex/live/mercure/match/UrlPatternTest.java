package com.espra.protoplex.live.mercure.match;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class UrlPatternTest {

    private static final TopicSpace SPACE = new TopicSpace("https://hub.example.com/.well-known/mercure");

    /** The table says what browsers answer: it was compared with the polyfill that Chromium's tests are run with as well. */
    @Test
    public void answersAsBrowsersDo() throws Exception {
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        for (String row : table()) {
            if (row.isEmpty() || row.startsWith("# ")) {
                continue;
            }
            rows++;
            String[] cells = row.split(" ");
            String answer = answer(cells[0], cells[1]);
            if (!answer.equals(cells[2])) {
                wrong.add(row + ": " + answer);
            }
        }
        assertEquals(String.join("\n", wrong), 0, wrong.size());
        assertTrue("rows: " + rows, rows > 120);
    }

    private static List<String> table() throws Exception {
        try (InputStream table = UrlPatternTest.class.getResourceAsStream("/url-patterns.txt")) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static String answer(String pattern, String topic) {
        try {
            return SPACE.matcher(MatcherType.URLPATTERN, pattern).matches(SPACE.topic(topic)) ? "yes" : "no";
        } catch (MatcherSyntaxException e) {
            return "invalid";
        }
    }

    /** With an engine that goes back, each of these takes years. */
    @Test
    public void aPatternThatIsMadeToBeSlowIsNot() throws Exception {
        String text = "https://example.com/" + "a".repeat(1000) + "!";
        Instant begun = Instant.now();
        for (String slow : List.of(
                "((?:a+)+)",
                "((?:a|aa)+)b",
                "((?:a*)*)b",
                "((?:a|a|a)*)b",
                ":a*:b*:c*",
                "*a*a*a*a*a*a*b",
                "((?:.*a){20})")) {
            TopicMatcher matcher = SPACE.matcher(
                    MatcherType.URLPATTERN, "https://example.com/" + slow.replace(":a*:b*:c*", "{:a}*{:b}*{:c}*"));
            matcher.matches(SPACE.topic(text));
        }
        Duration took = Duration.between(begun, Instant.now());
        assertTrue("took " + took, took.compareTo(Duration.ofSeconds(20)) < 0);
    }

    @Test
    public void whatWouldNeedMuchMemoryIsRefused() {
        for (String large : List.of(
                "((?:a{1000}){1000})",
                "((?:(?:a{99}){99}){99})",
                "(a{999}b{999}c{999})",
                "(a{1,2000000000})",
                "((?:\\Qab\\E){999}[)]{999}\\d{999})",
                "([^]]{999}[^]\\]]{999}[]]{999})",
                "(\\p{L}{100})",
                "((?:\\pL){100})",
                "([\\p{L}\\p{N}]{50})",
                "([abcdefghijklmnop]{900})",
                "(a{900})?(b{900})#(c{900})")) {
            String pattern = "https://example.com/" + large;
            assertThrows(pattern, MatcherSyntaxException.class, () -> SPACE.matcher(MatcherType.URLPATTERN, pattern));
        }
    }

    @Test
    public void whatRepeatsAsUsualIsAccepted() throws Exception {
        String uuid =
                "https://example.com/:id([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/:n(\\d{1,10})";
        assertTrue(SPACE.matcher(MatcherType.URLPATTERN, uuid)
                .matches(SPACE.topic("https://example.com/e1ee88e2-532a-4d6f-ba70-f0f8bd584022/7")));
    }

    @Test
    public void whatNeedsToGoBackIsRefused() {
        for (String pattern : List.of("/(?=a)", "/(a(?=b))", "/(a\\1)", "/(a(?<!b))")) {
            assertThrows(pattern, MatcherSyntaxException.class, () -> SPACE.matcher(MatcherType.URLPATTERN, pattern));
        }
    }

    @Test
    public void aMatcherHasALength() throws Exception {
        String longest = "/" + "a".repeat(TopicSpace.LONGEST_MATCHER - 1);
        assertTrue(SPACE.matcher(MatcherType.URLPATTERN, longest).matches(SPACE.topic(longest)));
        assertThrows(MatcherSyntaxException.class, () -> SPACE.matcher(MatcherType.URLPATTERN, longest + "a"));
        assertFalse(SPACE.matcher(MatcherType.URLPATTERN, longest).matches(SPACE.topic("/b")));
    }
}
