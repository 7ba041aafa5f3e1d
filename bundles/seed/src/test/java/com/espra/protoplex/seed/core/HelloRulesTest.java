package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrame.Desired;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** What a node says of itself, member by member: nothing of it may end a line, move a cursor, leave a folder or fill a disk. */
public class HelloRulesTest {

    private static final List<String> BAD = List.of(
            "../x",
            "a/b",
            "a\\b",
            "a b",
            "a\nb",
            "\u001b[31mred",
            "\u009b2J",
            "\u202eright",
            "\u0000",
            "\u00fc",
            "<b>",
            "'");
    private static final String LONG = "x".repeat(10_000);

    private static Optional<String> broken(
            String node,
            String region,
            Set<String> roles,
            String version,
            Map<String, String> addresses,
            Map<String, String> builds) {
        return HelloRules.broken(new LinkFrame.Hello(
                LinkFrame.PROTOCOL, node, region, roles, 1, version, addresses, Desired.NONE, builds));
    }

    private static Optional<String> node(String name) {
        return broken(name, "", Set.of(), "", Map.of(), Map.of());
    }

    private static Optional<String> address(String name, String url) {
        return broken("node-1", "", Set.of(), "", Map.of(name, url), Map.of());
    }

    private static void assertRefused(String text, Optional<String> broken) {
        assertTrue(text, broken.isPresent());
        String said = broken.get();
        assertTrue(said, said.length() < 200 && said.chars().allMatch(c -> c >= ' ' && c <= '~'));
    }

    @Test
    public void whatNodesSayIsTaken() {
        assertEquals(
                Optional.empty(),
                broken(
                        "web_1.example-2",
                        "eu-west.1",
                        Set.of("app", "seed"),
                        "0.1.0-SNAPSHOT+4f",
                        Map.of("http", "http://[::1]:8080", "https", "https://web.example:8443/"),
                        Map.of("0".repeat(64), "1.0.1.beta-2")));
        assertEquals(Optional.empty(), node("x".repeat(63)));
        assertEquals(Optional.empty(), address("http", "http://" + "x".repeat(505)));
    }

    @Test
    public void namesAreWords() {
        for (String name : List.of("", ".", "..", ".x", "x.", "-x", "a..b", "x".repeat(64), LONG)) {
            assertRefused(name, node(name));
        }
        BAD.forEach(name -> assertRefused(name, node(name)));
        assertFalse("what was said is cut", node(LONG).orElseThrow().contains("x".repeat(41)));
    }

    @Test
    public void regionsVersionsAndRolesAreWords() {
        for (String bad : List.of("x".repeat(64), LONG)) {
            assertWord(bad);
        }
        BAD.forEach(HelloRulesTest::assertWord);
        assertRefused("an empty role", broken("node-1", "", Set.of(""), "", Map.of(), Map.of()));
        assertRefused("too many roles", broken("node-1", "", names(65), "", Map.of(), Map.of()));
    }

    private static void assertWord(String bad) {
        assertRefused("region " + bad, broken("node-1", bad, Set.of(), "", Map.of(), Map.of()));
        assertRefused("version " + bad, broken("node-1", "", Set.of(), bad, Map.of(), Map.of()));
        assertRefused("role " + bad, broken("node-1", "", Set.of("app", bad), "", Map.of(), Map.of()));
        assertRefused("build " + bad, broken("node-1", "", Set.of(), "", Map.of(), Map.of("0".repeat(64), bad)));
        assertRefused("name of an address " + bad, address(bad, "http://localhost"));
    }

    @Test
    public void addressesAreShortAndOnOneLine() {
        for (String bad : List.of(
                "",
                "http://a b",
                "http://a\nb",
                "http://a\u001b[2J",
                "http://\u009b2J",
                "http://\u00fc",
                "x",
                "http:///x",
                "http://[::1",
                "http://a%zz",
                "http://" + LONG)) {
            assertRefused(bad, address("http", bad));
        }
        Map<String, String> many = names(65).stream().collect(Collectors.toMap(name -> name, name -> "http://" + name));
        assertRefused("too many", broken("node-1", "", Set.of(), "", many, Map.of()));
    }

    @Test
    public void buildsAreNotWithoutEnd() {
        Map<String, String> many = names(10_001).stream().collect(Collectors.toMap(name -> name, name -> "1.0.0"));

        assertRefused("too many", broken("node-1", "", Set.of(), "", Map.of(), many));
    }

    private static Set<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "n" + i).collect(Collectors.toSet());
    }
}
