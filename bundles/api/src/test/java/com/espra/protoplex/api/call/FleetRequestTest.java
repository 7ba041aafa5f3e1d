package com.espra.protoplex.api.call;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public class FleetRequestTest {

    private static String refusal(Runnable makes) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, makes::run).getMessage());
    }

    @Test
    public void pathsThatMeanOneThing() {
        for (String path : new String[] {"/", "/a", "/a/", "/a.b/..c/%C3%B6?x=../a//b%2F;c?", "/a?", "/~a,b=c@d:e"}) {
            assertEquals(path, FleetRequest.get(path).path());
        }
    }

    @Test
    public void pathsThatOthersCouldReadInAnotherWayAreRefused() {
        for (String path : new String[] {
            "",
            "a",
            "//a",
            "/a//b",
            "/a/../b",
            "/./a",
            "/..",
            "/%2e%2E/a",
            "/a%2Fb",
            "/a%5cb",
            "/a%00",
            "/a%25",
            "/a;b",
            "/a b",
            "/a\r\nHost: x",
            "/a\\b",
            "/a#b",
            "/ö",
            "/%",
            "/%4",
            "/%zz",
            "/%４１",
            "/" + "a".repeat(2048)
        }) {
            assertTrue(path, refusal(() -> FleetRequest.get(path)).contains("path"));
        }
    }

    @Test
    public void methodsDeadlinesAndBodies() {
        for (String method : new String[] {"", "get", "CONNECT", "TRACE", "GET /"}) {
            assertTrue(refusal(() -> FleetRequest.of(method, "/", new byte[0])).contains("method"));
        }
        assertTrue(FleetRequest.get("/").isIdempotent());
        assertFalse(FleetRequest.post("/", new byte[0]).isIdempotent());
        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofMillis(-1), Duration.ofHours(2)}) {
            assertTrue(refusal(() -> FleetRequest.get("/").within(wrong)).contains("deadline"));
        }
        assertTrue(refusal(() -> FleetRequest.post("/", new byte[FleetRequest.MOST_BODY + 1]))
                .contains("4194305 bytes"));
        assertTrue(refusal(() -> FleetResponse.of(200, new byte[FleetRequest.MOST_BODY + 1]))
                .contains("4194305 bytes"));
        for (int wrong : new int[] {0, 101, 600}) {
            assertTrue(refusal(() -> FleetResponse.of(wrong, new byte[0])).contains("status"));
        }
        assertTrue(refusal(() -> FleetResponse.of(204, new byte[1])).contains("no body"));
    }

    @Test
    public void headersAreOnesThatNoOtherLineCanHideIn() {
        CallHeaders headers =
                CallHeaders.NONE.with("Content-Type", "text/plain").with("content-TYPE", " a/b ");
        assertEquals(Optional.of("a/b"), headers.get("CONTENT-type"));
        assertEquals(Map.of("content-type", "a/b"), headers.all());
        for (String name : new String[] {"", "a b", "a:", "a\r\nb", "ö", "a\0"}) {
            assertTrue(name, refusal(() -> CallHeaders.NONE.with(name, "x")).contains("name"));
        }
        for (String value : new String[] {"a\r\nb: c", "a\nb", "\0", "\u007f", "ö"}) {
            assertTrue(value, refusal(() -> CallHeaders.NONE.with("a", value)).contains("the header a has control"));
        }
        for (String own : new String[] {
            "Authorization", "HOST", "content-length", "Transfer-Encoding", "X-Request-Id", "Protoplex-Hops"
        }) {
            assertTrue(own, refusal(() -> CallHeaders.NONE.with(own, "x")).contains("the transport's own"));
        }
        assertTrue(refusal(() -> CallHeaders.NONE.with("a", "x".repeat(8192))).contains("at most 64"));
        assertTrue(refusal(() -> new CallHeaders(Map.of("a", "1", "A", "2"))).contains("twice"));
    }

    @Test
    public void whatMayBeSecretIsInNoMessage() {
        assertEquals(
                "POST /a",
                FleetRequest.post("/a", "secret".getBytes(StandardCharsets.UTF_8))
                        .toString());
        assertFalse(refusal(() -> CallHeaders.NONE.with("key", "secret\n1")).contains("secret"));
    }
}
