package com.espra.protoplex.proxy.server.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Route;
import java.time.Duration;
import org.junit.Test;

/** What is configured, and what is refused: by the key, the rule, and what it should be. */
public class ProxyRulesTest {

    private static void refused(String key, String says, String... rules) {
        IllegalArgumentException refusal = assertThrows(
                key + " " + String.join(" | ", rules),
                IllegalArgumentException.class,
                () -> new FakeConfig().with(key, rules).rules());
        assertTrue(refusal.getMessage(), refusal.getMessage().startsWith(key + ": "));
        assertTrue(refusal.getMessage(), refusal.getMessage().contains(says));
    }

    @Test
    public void whatIsNotConfiguredIsNothing() {
        ProxyRules rules = new FakeConfig().rules();

        assertTrue(rules.servers().isEmpty());
        assertNull(rules.limits().match("a.com", "/"));
        assertEquals(443, rules.config().httpsPort());
    }

    @Test
    public void serversHaveAddressesAndWeights() {
        ProxyRules rules = new FakeConfig()
                .with("servers", "shop.example.com/api/* http://10.0.0.1:80*3 https://b:8443")
                .rules();

        ServerSet set = rules.servers().getFirst();
        assertEquals(new Route("shop.example.com", "", "/api/*"), set.route());
        assertEquals(3, set.servers().get(0).weight());
        assertEquals(1, set.servers().get(1).weight());
        assertEquals("https://b:8443", set.servers().get(1).address().toString());
    }

    @Test
    public void serversThatAreNoneAreRefused() {
        refused("servers", "1 to 100 servers", "/a");
        refused("servers", "no path", "/a http://b:80/path");
        refused("servers", "no address", "/a ftp://b");
        refused("servers", "no address", "/a http://user@b:80");
        refused("servers", "no address", "/a http://b:80:90");
        refused("servers", "no weight", "/a http://b:80*0");
        refused("servers", "twice", "/a http://b:80 http://b:80");
        refused("servers", "already", "/a http://b:80", "/a http://c:80");
        refused("servers", "pattern", "/a*b http://c:80");
        refused("servers", "begin with a host", " ");
    }

    @Test
    public void twoRulesForOneThingAreRefused() {
        refused("proxyProtocol", "v1 or v2", "/a");
        refused("proxyProtocol", "v1 or v2", "/a v3");
        refused("policies", "already", "/a/* least", "/a/* sticky");
        refused("policies", "already", "A.example.com/a/* least", "a.example.com/a/* sticky");
        refused("limits", "same kind", "/a client 5/s", "/a client 6/s");
        refused("headers", "another rule", "/a response X-A: 1", "/a response x-a: 2");
        refused("canonical", "another rule", "a.com=b.com", "a.com=c.com");
        refused("canonical", "elsewhere itself", "a.com=b.com", "b.com=a.com");
        refused("canonical", "itself", "a.com=A.com");
        refused("pages", "twice", "404 <p>a", "404 <p>b");
    }

    @Test
    public void byHttpsNoServerHearsOfClients() {
        FakeConfig config = new FakeConfig().with("servers", "/a https://b:443").with("proxyProtocol", "/a v2");
        String message =
                assertThrows(IllegalArgumentException.class, config::rules).getMessage();
        assertTrue(message, message.contains("reached by https"));
    }

    @Test
    public void pagesAreNoLargerThanAnAnswerMayBe() {
        String most = "x".repeat(65_536);
        assertEquals(
                most,
                new FakeConfig().with("pages", "503 " + most).rules().pages().get("503"));
        refused("pages", "503 has 65537 bytes of UTF-8: at most 65536", "503 " + most + "x");
        refused("pages", "404 has 65538 bytes", "404 " + "\u00fc".repeat(32_769));
    }

    @Test
    public void aBurstIsOfAYearAtMost() {
        new FakeConfig().with("limits", "/a route 1000/s burst=1000000000").rules();
        new FakeConfig().with("limits", "/a client 1/h burst=8761").rules();
        refused("limits", "burst=8762 is what comes in more than a year: at most 8761", "/a client 1/h burst=8762");
        refused("limits", "more than a year", "/a route 1/h burst=1000000000");
    }

    @Test
    public void waysAreRead() {
        ProxyRules rules = new FakeConfig()
                .with("policies", "/a/* hash=cookie:sid", "/b/* sticky", "/c/* hash=header:X-User")
                .rules();

        assertEquals(
                new Policy.ByHash(Policy.Source.COOKIE, "sid"), rules.policies().match("any", "/a/x"));
        assertEquals(new Policy.Sticky(), rules.policies().match("any", "/b"));
        assertTrue(rules.fields().contains("cookie"));
        assertTrue(rules.fields().contains("x-user"));
        refused("policies", "use least", "/a round-robin");
        refused("policies", "no name", "/a hash=header:");
        refused("policies", "one way", "/a least sticky");
    }

    @Test
    public void limitsAreRead() {
        Rate rate = new FakeConfig()
                .with("limits", "/login client 5/m burst=2")
                .rules()
                .limits()
                .match("any", "/login")
                .getFirst();

        assertEquals(new Rate(Route.of("/login"), true, 5, 60, 2), rate);
        assertEquals(12_000_000_000L, rate.spacingNanos());
        refused("limits", "number of requests", "/a client 0/s");
        refused("limits", "number of requests", "/a client 5");
        refused("limits", "number of requests", "/a client 5/d");
        refused("limits", "client or route", "/a user 5/s");
        refused("limits", "no burst", "/a client 5/s burst=0");
        refused("limits", "burst=N", "/a client 5/s slowly");
    }

    @Test
    public void fieldsThatAreOfTheConnectionAreRefused() {
        ProxyRules rules = new FakeConfig()
                .with("headers", "/a/* response X-Frame-Options: DENY", "/a/* request X-Secret:")
                .rules();

        assertEquals("DENY", rules.headers().match("any", "/a/b").response().get("X-Frame-Options"));
        assertEquals("", rules.headers().match("any", "/a/b").request().get("X-Secret"));
        refused("headers", "of the connection", "/a response Transfer-Encoding: chunked");
        refused("headers", "of the connection", "/a request Host: b.com");
        refused("headers", "no field", "/a response nothing");
        refused("headers", "request or response", "/a both X: 1");
        refused("headers", "printable", "/a response X: a\u0001b");
    }

    @Test
    public void timesAreRead() {
        assertEquals(
                Duration.ofMillis(1500),
                new FakeConfig()
                        .with("times", "/a/* head=1500ms")
                        .rules()
                        .times()
                        .match("any", "/a")
                        .head());
        refused("times", "no time", "/a head=soon");
        refused("times", "only total may be 0s", "/a head=0s");
        refused("times", "use connect=", "/a body=1s");
    }

    @Test
    public void patternsAreRoutes() {
        assertEquals(new Route("a.com", "", "/"), RouteText.pattern("A.com"));
        assertEquals(new Route("a.com", "", "/x/*"), RouteText.pattern("a.com./x/*"));
        assertEquals(new Route("*.a.com", "", "/x"), RouteText.pattern("*.a.com/x"));
        assertEquals(new Route("*", "", "*.png"), RouteText.pattern("*.png"));
        assertEquals(new Route("*", "/img", "*.png"), RouteText.read("/img*.png"));
        assertEquals(new Route("a.com", "", "*.png"), RouteText.read("a.com*.png"));
        assertEquals(new Route("*", "/shop", "/"), RouteText.read("/shop/"));
        assertEquals(new Route("*", "", ""), RouteText.read(""));
        assertEquals(new Route("a.com", "", ""), RouteText.read("a.com"));
    }

    @Test
    public void whatADirectoryNamesIsARouteOrLeftOut() {
        assertNotNull(RouteText.ofDirectory("/hello/*").orElse(null));
        assertTrue(RouteText.ofDirectory("stream:smtp").isEmpty());
        assertTrue(RouteText.ofDirectory("seed:/v1/*").isEmpty());
        assertTrue(RouteText.ofDirectory("/a*b").isEmpty());
        for (Route route : new Route[] {
            Route.of("/"),
            Route.of("/a"),
            Route.of("/a/*"),
            Route.of("*.png"),
            new Route("a.com", "/x", "/"),
            new Route("*.a.com", "/x", "*.png"),
            new Route("a.com", "", "/*")
        }) {
            assertEquals(route, RouteText.ofDirectory(route.toString()).orElseThrow());
        }
    }
}
