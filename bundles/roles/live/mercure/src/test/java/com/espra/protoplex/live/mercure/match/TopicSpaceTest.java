package com.espra.protoplex.live.mercure.match;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

public class TopicSpaceTest {

    private static final TopicSpace SPACE = new TopicSpace("https://hub.example.com/.well-known/mercure");

    @Test
    public void exactIsByteForByte() throws Exception {
        TopicMatcher matcher = SPACE.matcher(MatcherType.EXACT, "https://example.com/caf\u00e9/:id");

        assertTrue(matcher.matches(SPACE.topic("https://example.com/caf\u00e9/:id")));
        for (String other : List.of(
                "https://example.com/cafe\u0301/:id",
                "https://EXAMPLE.com/caf\u00e9/:id",
                "https://example.com/caf%C3%A9/:id",
                "https://example.com/caf\u00e9/1",
                "/caf\u00e9/:id")) {
            assertFalse(other, matcher.matches(SPACE.topic(other)));
        }
    }

    @Test
    public void exactDoesNotResolve() throws Exception {
        assertFalse(SPACE.matcher(MatcherType.EXACT, "/a").matches(SPACE.topic("https://hub.example.com/a")));
    }

    @Test
    public void theWildcardIsOneOfEveryType() throws Exception {
        for (MatcherType type : MatcherType.values()) {
            for (String topic : List.of("https://example.com/", "foo", "urn:a", "https://", "*")) {
                assertTrue(type + " " + topic, SPACE.matcher(type, "*").matches(SPACE.topic(topic)));
            }
        }
        assertFalse(SPACE.matcher(MatcherType.EXACT, "**").matches(SPACE.topic("foo")));
    }

    @Test
    public void aTopicIsPlainText() {
        for (String wrong : List.of(
                "",
                "a\nb",
                "a\rb",
                "a\0b",
                "a\u001fb",
                "a\u007fb",
                "a\u0085b",
                "a\u009fb",
                "a\u200bb",
                "a\u202eb",
                "a\ufeffb",
                "a\ud800b",
                "\udc00",
                "a\udb40\udc41b",
                "a".repeat(TopicSpace.LONGEST_TOPIC + 1))) {
            assertThrows(MatcherSyntaxException.class, () -> SPACE.topic(wrong));
        }
    }

    @Test
    public void aMatcherIsPlainText() {
        for (MatcherType type : MatcherType.values()) {
            for (String wrong : List.of("a\nb", "a\u0085b", "a\u200bb", "a\ud800b")) {
                assertThrows(MatcherSyntaxException.class, () -> SPACE.matcher(type, wrong));
            }
        }
    }

    @Test
    public void whatIsTheHubsIsReservedHoweverItIsWritten() throws Exception {
        for (String reserved : List.of(
                "/.well-known/mercure",
                "/.well-known/mercure/",
                "/.well-known/mercure/subscriptions/exact/a/b",
                "mercure",
                "./mercure/x",
                "https://hub.example.com/.well-known/mercure/x",
                "https://other.example.com/.well-known/mercure/x",
                "http://hub.example.com:81/.well-known/mercure?x#y",
                "foo://bar/.well-known/mercure/x",
                "/.well-known/%6Dercure/x",
                "/.well-known/%6dercure/x",
                "/%2ewell-known/mercure/x",
                "/%2Ewell%2Dknown/%6D%65rcure",
                "/.well-known/mercure/../mercure/x",
                "/a/../.well-known/mercure/x",
                "/a/%2e%2E/.well-known/mercure/x",
                "/.well-known/./mercure/x",
                "\\.well-known\\mercure\\x",
                "https:\\\\hub.example.com\\.well-known\\mercure",
                "?x",
                "#x",
                "  /.well-known/mercure  ")) {
            assertTrue(reserved, SPACE.isReserved(SPACE.topic(reserved)));
        }
    }

    @Test
    public void whatIsNotTheHubsIsFree() throws Exception {
        for (String free : List.of(
                "/.well-known/mercures",
                "/.well-known/Mercure/x",
                "/.well-known/mercure%2Fx",
                "/x/.well-known/mercure",
                "/.well-known/mercure/../x",
                "foo",
                "urn:/.well-known",
                "https://",
                "https://exa mple/.well-known/mercure",
                "https://example.com/?/.well-known/mercure")) {
            assertFalse(free, SPACE.isReserved(SPACE.topic(free)));
        }
    }

    @Test
    public void whatIsReservedFollowsTheHub() throws Exception {
        TopicSpace space = new TopicSpace("https://example.com/live%2Dhub");
        assertTrue(space.isReserved(space.topic("/live-hub/x")));
        assertFalse(space.isReserved(space.topic("/.well-known/mercure")));
    }

    @Test
    public void aHubIsAUrlOfHttp() {
        for (String wrong : List.of("", "/.well-known/mercure", "example.com", "ftp://example.com/", "https://")) {
            assertThrows(IllegalArgumentException.class, () -> new TopicSpace(wrong));
        }
    }

    @Test
    public void theFormOfBeforeTakesTemplates() throws Exception {
        for (String row : List.of(
                "https://example.com/books/{id} https://example.com/books/1 yes",
                "https://example.com/books/{id} https://example.com/books/ yes",
                "https://example.com/books/{id} https://example.com/books/1/2 no",
                "https://example.com/books/{id} https://example.com/books/{id} yes",
                "https://example.com/books/{id} https://example.com/books/a%20b yes",
                "https://example.com/books/{id} https://example.com/books/a%2 no",
                "https://example.com/books/{id}/x https://example.com/books/1/x yes",
                "https://example.com/{+path} https://example.com/a/b?c yes",
                "https://example.com{/a,b} https://example.com/x/y yes",
                "https://example.com{/a,b} https://example.com/x yes",
                "https://example.com{/a,b} https://example.com/x/y/z no",
                "https://example.com{/a*} https://example.com/x/y/z yes",
                "https://example.com/a{?q,r} https://example.com/a?q=1&r=2 yes",
                "https://example.com/a{?q,r} https://example.com/a yes",
                "https://example.com/a{?q,r} https://example.com/a?s=1 no",
                "https://example.com/a{?q*} https://example.com/a?x=1&y=2 yes",
                "https://example.com/a?x=y{&q} https://example.com/a?x=y&q=1 yes",
                "https://example.com/a{#f} https://example.com/a#b/c yes",
                "https://example.com/a{.x} https://example.com/a.json yes",
                "https://example.com/a{;x,y} https://example.com/a;x=1;y yes",
                "https://example.com/{a:3} https://example.com/abc yes",
                "/.well-known/mercure/subscriptions{/topic}{/subscriber} /.well-known/mercure/subscriptions/a/b yes",
                "https://example.com/.+ https://example.com/xx no")) {
            String[] cells = row.split(" ");
            boolean matches = SPACE.matcher(MatcherType.TEMPLATE, cells[0]).matches(SPACE.topic(cells[1]));
            assertEquals(row, cells[2].equals("yes"), matches);
        }
    }

    @Test
    public void whatIsNoTemplateIsRefused() {
        for (String wrong :
                List.of("{", "a}{b}", "{}", "{!a}", "{a b}", "{a:0}", "{a:10000}", "{{a}}", "{a,}", "{a*:1}")) {
            assertThrows(wrong, MatcherSyntaxException.class, () -> SPACE.matcher(MatcherType.TEMPLATE, wrong));
        }
    }
}
