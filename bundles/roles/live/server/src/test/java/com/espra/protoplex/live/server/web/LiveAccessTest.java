package com.espra.protoplex.live.server.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.server.select.Selector;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class LiveAccessTest {

    private static LiveAccess access(Map<String, Object> config) {
        return new LiveAccess(FakeLiveConfig.of(config));
    }

    @Test
    public void pagesOfOtherOriginsAreNotWelcome() {
        LiveAccess access = access(Map.of("origins", new String[] {"https://www.example.com"}));
        assertTrue("no browser", access.isWelcome(null, "live.example.com", false));
        assertTrue(access.isWelcome("http://live.example.com:8080", "live.example.com:8080", false));
        assertTrue("behind a balancer that speaks TLS", access.isWelcome("https://a.example", "a.example", false));
        assertTrue(access.isWelcome("https://WWW.example.com:443", "live.example.com", true));
        for (String origin : new String[] {
            "https://evil.example",
            "https://www.example.com.evil.example",
            "http://www.example.com",
            "https://www.example.com:444",
            "null",
            "",
            "https://",
            "https://live.example.com@evil.example",
            "file:///live.example.com",
            "https://live.example.com:8081"
        }) {
            assertFalse(origin, access.isWelcome(origin, "live.example.com:8080", false));
        }
    }

    @Test
    public void aStrangersHostMakesNoHub() {
        LiveAccess access = access(Map.of("hubs", new String[] {"Shop.example.com=shop"}));
        assertEquals("shop", access.hub("shop.EXAMPLE.com"));
        assertEquals("main", access.hub("../../x"));
    }

    @Test
    public void whatMakesNoSenseIsRefusedByName() {
        for (Map<String, Object> config : List.<Map<String, Object>>of(
                Map.of("hubs", new String[] {"shop"}),
                Map.of("hubs", new String[] {"shop=fleet"}),
                Map.of("hubs", new String[] {"shop=A B"}),
                Map.of("origins", new String[] {"www.example.com"}),
                Map.of("token", "short"))) {
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> access(config));
            String name = config.keySet().iterator().next();
            assertTrue(
                    refusal.getMessage(), String.valueOf(refusal.getMessage()).startsWith(name));
        }
    }

    @Test
    public void whoHasTheTokenPublishes() {
        LiveAccess access = access(Map.of("token", "0123456789abcdef"));
        assertTrue(access.isPublisher("Bearer 0123456789abcdef"));
        assertTrue(access.isPublisher("bearer 0123456789abcdef "));
        assertFalse(access.isPublisher("Bearer 0123456789abcde"));
        assertFalse(access.isPublisher("Basic 0123456789abcdef"));
        assertFalse(access.isPublisher(null));
        assertFalse("without a token nobody does", access(Map.of()).isPublisher("Bearer "));
    }

    @Test
    public void anAddressHasSoManyConnectionsAndAsksSoMuch() {
        long[] now = {0};
        AddressLimits limits = new AddressLimits(2, 1, () -> now[0]);
        assertTrue(limits.open("a"));
        assertTrue(limits.open("a"));
        assertTrue(limits.open("b"));
        assertFalse(limits.open("a"));
        limits.close("a");
        assertTrue(limits.open("a"));
        for (int i = 0; i < 10; i++) {
            assertTrue(limits.mayAsk("a"));
        }
        assertFalse(limits.mayAsk("a"));
        assertTrue(limits.mayAsk("b"));
        now[0] += 1_000_000_000L;
        assertTrue(limits.mayAsk("a"));
        assertFalse(limits.mayAsk("a"));
    }

    @Test
    public void aNetworkOfIpv6CountsAsOneAddress() {
        AddressLimits limits = new AddressLimits(2, 1, () -> 0);
        assertTrue(limits.open("[2001:db8:1:2::1]"));
        assertTrue(limits.open("2001:db8:1:2:ffff:ffff:ffff:1"));
        assertFalse(limits.open("2001:db8:1:2:3::"));
        assertTrue(limits.open("2001:db8:1:3::1"));
        limits.close("2001:db8:1:2:9::%eth0");
        assertTrue(limits.open("2001:db8:1:2:3::"));
        for (int i = 0; i < 10; i++) {
            assertTrue(limits.mayAsk("fe80::" + i));
        }
        assertFalse(limits.mayAsk("fe80::ffff"));
        assertTrue(limits.open("::ffff:192.0.2.1"));
        assertTrue("one of IPv4 is one of IPv4", limits.open("192.0.2.1"));
        assertFalse(limits.open("192.0.2.1"));
        assertTrue("and its neighbour another", limits.open("::ffff:192.0.2.2"));
    }

    @Test
    public void aTokenIsToldFromAnother() {
        LiveAccess access = access(Map.of("token", "0123456789abcdef"));
        assertEquals(
                access.tokenMark(), access(Map.of("token", "0123456789abcdef")).tokenMark());
        assertNotEquals(
                access.tokenMark(), access(Map.of("token", "0123456789abcdeg")).tokenMark());
        assertEquals("", access(Map.of()).tokenMark());
    }

    @Test
    public void aPollFromNobodyKnowsWhereAsksForEverything() throws Exception {
        Map<String, Selector> queries = Map.of("q", new Selector(List.of(), List.of("a"), false));
        Gathered unknown = new Gathered(queries, true);
        unknown.started(new Position(1, 5), true);
        unknown.await(0);
        assertEquals(List.of("q"), unknown.answer("1:5").get("refresh"));
        Gathered known = new Gathered(queries, false);
        known.started(new Position(1, 5), true);
        assertEquals(List.of(), known.answer("1:5").get("refresh"));
    }

    @Test
    public void sessionsEndWhenTheyAreNotRenewed() {
        long[] now = {0};
        PollSessions sessions = new PollSessions(() -> now[0]);
        PollSession one = sessions.add("main", "a", false, Map.of(), "1:1").orElseThrow();
        PollSession two = sessions.add("main", "a", false, Map.of(), "1:1").orElseThrow();
        now[0] += 30_000_000_000L;
        assertTrue(sessions.get(one.id()).isPresent());
        sessions.told(one.id(), "1:2");
        now[0] += 20_000_000_000L;
        assertEquals(
                List.of(two.id()),
                sessions.expire().stream().map(PollSession::id).toList());
        assertEquals("1:2", sessions.get(one.id()).orElseThrow().at());
        assertTrue(sessions.get(two.id()).isEmpty());
    }
}
