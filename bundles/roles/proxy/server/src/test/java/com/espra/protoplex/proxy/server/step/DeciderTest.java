package com.espra.protoplex.proxy.server.step;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.proxy.RouteHandler;
import com.espra.protoplex.api.proxy.RouteVerdict;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Decision.Respond;
import com.espra.protoplex.api.relay.ProxyProtocol;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.proxy.server.choice.FakeTime;
import com.espra.protoplex.proxy.server.config.FakeConfig;
import com.espra.protoplex.proxy.server.gate.ClosedRoutes;
import com.espra.protoplex.proxy.server.gate.Closure;
import com.espra.protoplex.proxy.server.gate.ClosureFile;
import com.espra.protoplex.proxy.server.limit.RateLimits;
import com.espra.protoplex.proxy.server.table.FakeFleet;
import com.espra.protoplex.proxy.server.table.MetaDoors;
import com.espra.protoplex.proxy.server.table.ProxyTable;
import com.espra.protoplex.proxy.server.table.TableMaker;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What becomes of a request, from its head to the decision. */
public class DeciderTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeTime time = new FakeTime();
    private final InstantSource clock = InstantSource.fixed(FakeFleet.NOON);
    private final FakeFleet fleet = new FakeFleet();
    private final FakeConfig config = new FakeConfig();
    private final TableMaker maker = new TableMaker("me", "here", new MetaDoors(), time);
    private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<Runnable> asked = new ArrayList<>();
    private final Map<String, CompletionStage<String>> owners = new HashMap<>();
    private ProxyTable table;
    private ClosedRoutes gates;
    private Decider decider;
    private String method = "GET";

    private void start() {
        table = maker.make(config.rules(), fleet.snapshot(), null, FakeFleet.NOON);
        gates = new ClosedRoutes(new ClosureFile(folder.getRoot().toPath().resolve("closed")), clock, time, 10, 30);
        decider = new Decider(
                new Decider.Place("me", "here", clock, time),
                () -> table,
                maker.ledger(),
                new RateLimits(time),
                gates,
                (role, key) -> Optional.ofNullable(owners.get(role + " " + key)),
                asked::add,
                (took, values) -> {});
    }

    private KeptRequest request(String url) {
        URI uri = URI.create(url);
        int usual = uri.getScheme().equals("https") ? 443 : 80;
        String host = uri.getRawAuthority().replaceFirst(":\\d+$", "");
        return new KeptRequest(
                "1",
                method,
                uri.getScheme(),
                host,
                uri.getPort() < 0 ? usual : uri.getPort(),
                uri.getRawPath(),
                uri.getRawQuery() == null ? "" : uri.getRawQuery(),
                fields,
                new InetSocketAddress("10.0.0.9", 4000));
    }

    private Decision decide(String url) {
        return decider.decide(request(url));
    }

    private String node(String url) {
        return node(decide(url));
    }

    private static String node(Decision decision) {
        Target target = ((Decision.Relay) decision).targets().next();
        assertNotNull(target);
        return target.isNode() ? target.node() : target.address().toString();
    }

    private Respond answer(int status, String url) {
        Decision decision = decide(url);
        assertTrue(url + ": " + decision, decision instanceof Respond);
        Respond respond = (Respond) decision;
        assertEquals(url, status, respond.status());
        return respond;
    }

    private static String text(Respond respond) {
        return new String(respond.body(), StandardCharsets.UTF_8);
    }

    private String why(String url) {
        Trace trace = new Trace();
        decider.explain(request(url), trace);
        return String.join("\n", trace.lines());
    }

    @Test
    public void aRequestGoesToANodeThatHasTheRoute() {
        fleet.node("b", "here", "shop", "/shop/*");
        start();

        assertEquals("b", node("http://any/shop/1"));
        assertTrue(decide("http://any/else") instanceof Decision.Pass);
    }

    @Test
    public void whatNoTargetAnswersHasThePageThatIsConfigured() {
        fleet.node("b", "here", "shop", "/shop/*");
        config.with("pages", "502 <p>{request}</p>", "504 late", "404 none").set("serverTiming", true);
        start();

        Decision.Says says = ((Decision.Relay) decide("http://any/shop/1")).says();
        assertEquals(Map.of(502, "<p>{request}</p>", 504, "late"), says.pages());
        assertTrue(says.serverTiming());
    }

    @Test
    public void serversHearOfClientsWhereItIsConfigured() {
        config.with("servers", "/old/* http://10.0.0.9:8080", "/new/* http://10.0.0.9:8080")
                .with("proxyProtocol", "/old/* v2")
                .with("pages", "502 late");
        start();

        Decision.Says old = ((Decision.Relay) decide("http://any/old/1")).says();
        assertEquals(ProxyProtocol.V2, old.announced());
        assertEquals(Map.of(502, "late"), old.pages());
        assertEquals(
                ProxyProtocol.NONE,
                ((Decision.Relay) decide("http://any/new/1")).says().announced());
    }

    @Test
    public void aHostIsOneInAllItsSpellings() {
        fleet.node("b", "here", "shop", "shop.example.com/").node("c", "here", "six", "[::1]/");
        start();

        assertEquals("b", node("http://shop.example.com/"));
        assertEquals("b", node("http://shop.example.com./"));
        assertEquals("b", node("http://shop.example.com:8080/"));
        assertTrue(decide("http://shop.example.org/") instanceof Decision.Pass);
    }

    @Test
    public void aPingIsAnsweredHereAlsoInMaintenance() {
        config.with("maintenance", "/");
        start();

        assertEquals("pong", text(answer(200, "http://any/a/ping.frontend")));
        Respond ping = answer(200, "http://any/a/ping.proxy");
        assertEquals("{\"region\": \"here\", \"node\": \"me\", \"time\": \"2030-01-01T12:00:00Z\"}\n", text(ping));
        assertEquals("no-store", ping.headers().get("Cache-Control"));
        assertEquals("*", ping.headers().get("Access-Control-Allow-Origin"));
        method = "POST";
        answer(405, "http://any/a/ping.proxy");
    }

    @Test
    public void whatIsInMaintenanceHasThePage() {
        fleet.node("b", "here", "shop", "/");
        config.with("maintenance", "/shop/*").with("pages", "maintenance <h1>soon</h1>");
        start();

        Respond page = answer(503, "http://any/shop/1");
        assertEquals("<h1>soon</h1>", text(page));
        assertEquals("120", page.headers().get("Retry-After"));
        assertEquals("b", node("http://any/blog"));
        answer(503, "http://any/%73hop/1");
    }

    @Test
    public void httpGoesToHttps() {
        config.with("https", "example.com", "*.example.com/").set("httpsPort", 8443);
        start();

        assertEquals(
                "https://example.com:8443/a%20b?c=d",
                answer(301, "http://example.com:8080/a%20b?c=d").headers().get("Location"));
        method = "POST";
        answer(308, "http://www.example.com/");
        method = "GET";
        assertTrue(decide("https://example.com/") instanceof Decision.Pass);
        assertTrue(decide("http://example.org/") instanceof Decision.Pass);
        assertTrue(decide("http://example.com/.well-known/acme-challenge/x") instanceof Decision.Pass);
    }

    @Test
    public void anotherNameGoesToTheCanonicalOne() {
        config.with("canonical", "example.com=www.example.com");
        start();

        assertEquals(
                "http://www.example.com:8080/x?y",
                answer(301, "http://example.com:8080/x?y").headers().get("Location"));
        assertEquals(
                "https://www.example.com/",
                answer(301, "https://example.com/").headers().get("Location"));
        assertTrue(decide("http://www.example.com/") instanceof Decision.Pass);
    }

    @Test
    public void bothInOneStep() {
        config.with("canonical", "example.com=www.example.com").with("https", "example.com");
        start();

        assertEquals(
                "https://www.example.com/",
                answer(301, "http://example.com/").headers().get("Location"));
    }

    @Test
    public void aHostOfARegionIsAnsweredFromThere() {
        fleet.node("b", "here", "live", "/").node("c", "us", "live", "/");
        config.with("regions", "us-1.live.example.com=us", "eu-1.live.example.com=here");
        start();

        for (int i = 0; i < 20; i++) {
            assertEquals("c", node("http://us-1.live.example.com/"));
            assertEquals("b", node("http://eu-1.live.example.com/"));
        }
    }

    @Test
    public void orTheClientIsSentThere() {
        fleet.node("b", "here", "live", "/").node("c", "us", "live", "/").roles("c", "proxy");
        config.with("regions", "us-1.live.example.com=us").set("otherRegion", "redirect");
        start();

        assertEquals(
                "http://c:8080/x",
                answer(307, "http://us-1.live.example.com/x").headers().get("Location"));
        assertEquals("no proxy of https there", "c", node("https://us-1.live.example.com/x"));
    }

    @Test
    public void requestsOverALimitAreRefused() {
        fleet.node("b", "here", "shop", "/");
        config.with("limits", "/login client 2/m");
        start();
        assertEquals("b", node("http://any/login"));
        assertEquals("b", node("http://any/%6Cogin"));

        Respond refused = answer(429, "http://any/login");

        assertEquals("30", refused.headers().get("Retry-After"));
        assertEquals("\"client\";r=0;t=30", refused.headers().get("RateLimit"));
        assertEquals("b", node("http://any/other"));
        for (int i = 0; i < 5; i++) {
            assertTrue(why("http://any/login").contains("limits:"));
        }
    }

    @Test
    public void whatIsPausedGoesOnWithWhatIsKnownThen() throws Exception {
        fleet.node("b", "here", "shop", "/shop/*");
        start();
        gates.close(Closure.Way.PAUSED, "/shop/*");
        Decision.Later later = (Decision.Later) decide("http://any/shop/1");
        assertTrue(why("http://any/shop/1").contains("/shop/* is paused since 2030-01-01T12:00:00Z"));

        fleet.without("b").node("c", "here", "shop", "/shop/*");
        table = maker.make(config.rules(), fleet.snapshot(), table, FakeFleet.NOON);
        gates.open("/shop/*");

        assertEquals("c", node(later.decision().toCompletableFuture().join()));
    }

    @Test
    public void whatIsDrainedIsRefused() throws Exception {
        fleet.node("b", "here", "shop", "/shop/*");
        start();
        gates.close(Closure.Way.DRAINED, "/shop/*");

        assertEquals("5", answer(503, "http://any/shop/1").headers().get("Retry-After"));
        gates.open("/shop/*");
        assertEquals("b", node("http://any/shop/1"));
    }

    @Test
    public void aCookieBringsTheClientBack() {
        fleet.node("b", "here", "shop", "/").node("c", "here", "shop", "/").node("d", "here", "shop", "/");
        config.with("policies", "/ sticky").with("headers", "/ response X-Frame-Options: DENY");
        start();
        Decision.Relay first = (Decision.Relay) decide("https://any/");
        String node = node(first);
        String cookie = first.rules().response().get("Set-Cookie");
        assertTrue(cookie, cookie.endsWith("; Path=/; HttpOnly; SameSite=Lax; Secure"));
        assertEquals("DENY", first.rules().response().get("X-Frame-Options"));

        fields.put("Cookie", List.of("other=1; " + cookie.substring(0, cookie.indexOf(';')) + "; more=2"));
        for (int i = 0; i < 30; i++) {
            Decision.Relay again = (Decision.Relay) decide("https://any/");
            assertEquals(node, node(again));
            assertNull(again.rules().response().get("Set-Cookie"));
        }

        fleet.without(node);
        table = maker.make(config.rules(), fleet.snapshot(), table, FakeFleet.NOON);
        Decision.Relay other = (Decision.Relay) decide("https://any/");
        assertNotNull("another one, and told so", other.rules().response().get("Set-Cookie"));
        assertFalse(node.equals(node(other)));
    }

    @Test
    public void cookiesThatAreNoneAreNoHarm() {
        fleet.node("b", "here", "shop", "/");
        config.with("policies", "/ sticky", "/h/* hash=cookie:sid");
        start();
        for (String bad : List.of("", ";", "=", "a", "protoplex-", ";;;=;", "sid", "sid=", "x".repeat(5000))) {
            fields.put("Cookie", List.of(bad));
            assertEquals(bad, "b", node("http://any/"));
            assertEquals(bad, "b", node("http://any/h/1"));
        }
    }

    @Test
    public void aHashSendsTheSameToTheSame() {
        fleet.node("b", "here", "shop", "/").node("c", "here", "shop", "/").node("d", "here", "shop", "/");
        config.with("policies", "/ hash=header:X-User");
        start();
        Map<String, String> known = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            fields.put("X-User", List.of("user " + i % 100));
            String node = node("http://any/" + i);
            assertEquals(known.computeIfAbsent("user " + i % 100, _ -> node), node);
        }
        assertEquals(3, known.values().stream().distinct().count());
    }

    @Test
    public void aRouteToNowhereIsSaidSo() {
        fleet.node("b", "here", "shop", "/").standing("b", true, "HEALTHY", true);
        start();

        Respond nobody = answer(503, "http://any/");
        assertTrue(text(nobody), text(nobody).contains("no node takes requests of app shop"));
        assertTrue(why("http://any/"), why("http://any/").contains("b is drained"));
    }

    @Test
    public void whyIsAlsoToldOfWhatIsNot() {
        fleet.node("b", "here", "shop", "shop.example.com/");
        start();
        fleet.without("b");
        table = maker.make(config.rules(), fleet.snapshot(), table, FakeFleet.NOON.plusSeconds(180));

        assertEquals(
                "no route for host shop.example.com and path /cart since 2030-01-01T12:03:00Z, when app shop was removed"
                        + " (shop.example.com/)",
                why("http://shop.example.com/cart"));
        assertEquals("no route for host other.example.com and path /", why("http://other.example.com/"));
    }

    @Test
    public void aNodeThatHasNotHeardOfTheFleetDoesNotSay404() {
        start();
        table = maker.make(config.rules(), Optional.empty(), null, FakeFleet.NOON);

        assertEquals("2", answer(503, "http://any/").headers().get("Retry-After"));
    }

    @Test
    public void pagesAreConfigured() {
        config.with("pages", "404 <h1>gone</h1>");
        start();

        assertEquals("<h1>gone</h1>", text(answer(404, "http://any/x")));
    }

    private void handler(RouteHandler handler, String... properties) {
        Map<String, Object> all = new HashMap<>();
        Arrays.stream(properties)
                .forEach(each -> all.put(each.substring(0, each.indexOf(':')), each.substring(each.indexOf(':') + 1)));
        decider.handlers().serve(List.of(new HandlerMatch(handler, "other", all)));
    }

    private Decision later(String url) {
        Decision.Later later = (Decision.Later) decide(url);
        asked.forEach(Runnable::run);
        asked.clear();
        return later.decision().toCompletableFuture().join();
    }

    @Test
    public void aHandlerOfAnotherRoleIsAskedForWhatItNames() {
        fleet.node("b", "here", "shop", "/").node("c", "here", "", "").roles("c", "live");
        start();
        handler(
                _ -> new RouteVerdict.ToRole("live"),
                RouteHandler.HOST + ":*.live.example.com",
                RouteHandler.METHOD + ":get",
                RouteHandler.HEADER + ":Upgrade=websocket",
                RouteHandler.COOKIE + ":sid");

        assertEquals("b", node("http://us.live.example.com/"));
        fields.put("Upgrade", List.of("websocket"));
        fields.put("Cookie", List.of("sid=1"));
        assertEquals("c", node(later("http://us.live.example.com/")));
        assertEquals("b", node("http://example.com/"));
    }

    @Test
    public void whatAHandlerSaysIsDone() {
        fleet.node("b", "here", "shop", "/").node("c", "here", "", "").roles("c", "live");
        start();
        handler(request -> switch (request.path()) {
            case "/key" ->
                new RouteVerdict.ToOwner("live", request.headers("X-Key").toString());
            case "/server" -> new RouteVerdict.ToServers(List.of(URI.create("http://old:80")));
            case "/redirect" -> new RouteVerdict.Answer(Respond.redirect(302, "/there"));
            case "/nowhere" -> new RouteVerdict.ToRole("nobody");
            case "/throws" -> throw new IllegalStateException("no");
            default -> new RouteVerdict.PassOn();
        });

        assertEquals("c", node(later("http://any/key")));
        assertEquals("http://old:80", node(later("http://any/server")));
        assertEquals(302, ((Respond) later("http://any/redirect")).status());
        assertEquals(503, ((Respond) later("http://any/nowhere")).status());
        assertEquals(503, ((Respond) later("http://any/throws")).status());
        assertEquals("b", node(later("http://any/")));
    }

    @Test
    public void whatIsOwnedGoesToItsOwnerAndToNobodyElse() {
        fleet.node("b", "here", "", "")
                .roles("b", "live")
                .node("c", "here", "", "")
                .roles("c", "live");
        start();
        handler(request -> new RouteVerdict.ToOwner("live", request.path()));
        owners.put("live /b", CompletableFuture.completedFuture("b"));
        owners.put("live /c", CompletableFuture.completedFuture("c"));
        owners.put("live /me", CompletableFuture.completedFuture("me"));
        owners.put("live /gone", CompletableFuture.completedFuture("d"));
        owners.put("live /moves", CompletableFuture.failedFuture(new IllegalStateException("for too long")));
        for (int i = 0; i < 10; i++) {
            assertEquals("b", node(later("http://any/b")));
            assertEquals("c", node(later("http://any/c")));
        }
        assertTrue(later("http://any/me") instanceof Decision.Pass);
        assertEquals(503, ((Respond) later("http://any/gone")).status());
        assertEquals(503, ((Respond) later("http://any/moves")).status());
    }

    @Test
    public void noMoreRequestsWaitForHandlersThanAreBounded() {
        start();
        handler(_ -> new RouteVerdict.PassOn());
        for (int i = 0; i < 1000; i++) {
            assertTrue(decide("http://any/") instanceof Decision.Later);
        }
        answer(503, "http://any/");
        asked.forEach(Runnable::run);
        assertTrue("and again when they are answered", decide("http://any/") instanceof Decision.Later);
    }

    @Test
    public void aDecisionIsQuick() {
        for (int node = 0; node < 10; node++) {
            String[] routes = new String[1000];
            for (int i = 0; i < routes.length; i++) {
                routes[i] = "host-" + i + ".example.com/app" + node + "/*";
            }
            fleet.node("n" + node, "here", "app" + node, routes);
        }
        config.with("limits", "/login client 2/m").with("canonical", "example.com=www.example.com");
        start();
        KeptRequest request = request("https://host-77.example.com/app3/some/where/index.html");
        long[] times = new long[200_000];
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < times.length; i++) {
                long begun = System.nanoTime();
                Decision.Relay relay = (Decision.Relay) decider.decide(request);
                Target target = relay.targets().next();
                times[i] = System.nanoTime() - begun;
                relay.targets().ended(target, com.espra.protoplex.api.relay.Outcome.ANSWERED);
            }
        }
        Arrays.sort(times);
        System.out.println("a decision among 10,000 routes: median " + times[times.length / 2] + " ns, p99 "
                + times[times.length * 99 / 100] + " ns");
        assertEquals("n3", node(decider.decide(request)));
    }
}
