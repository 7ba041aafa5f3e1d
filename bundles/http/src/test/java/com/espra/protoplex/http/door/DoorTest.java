package com.espra.protoplex.http.door;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.api.standing.Outage;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What a client finds at a node that drains, or has maintenance. */
public class DoorTest {

    private static final String KEY = "0123456789abcdef";

    @Rule
    public final TestGroup group = new TestGroup();

    private final AtomicReference<Runnable> finish = new AtomicReference<>();

    @Before
    public void apps() throws Exception {
        group.live("shop", "1", Handlers.text("shop"), "/shop/*", "/health", "/ping");
        group.live("blog", "1", Handlers.text("blog"), "/blog/*");
        group.live(
                "slow",
                "1",
                Handlers.of(
                        (request, response, callback) -> finish.set(() -> Handlers.text("slow", response, callback))),
                "/slow");
    }

    private void entrance(Entrance entrance) {
        group.group().standing(new NodeStanding(entrance, List.of()));
    }

    private void outage(Outage... outages) {
        group.group().standing(new NodeStanding(Entrance.OPEN, List.of(outages)));
    }

    private static Outage outage(String app, boolean readOnly, Instant until, String message) {
        return new Outage(app, readOnly, until, message, hash(KEY));
    }

    private static Outage all() {
        return outage("", false, Instant.MAX, "");
    }

    private static String hash(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private RawClient.Answer get(String path, String... headers) throws IOException {
        try (RawClient client = new RawClient(group.port())) {
            return client.get(path, headers);
        }
    }

    private RawClient.Answer send(String request) throws IOException {
        try (RawClient client = new RawClient(group.port())) {
            client.send(request);
            return client.answer();
        }
    }

    @Test
    public void whoLeavesServesAllTheSame() throws Exception {
        try (RawClient kept = new RawClient(group.port())) {
            kept.get("/shop/");
            entrance(Entrance.LEAVING);
            assertNull(kept.get("/shop/").header("Connection"));
            assertEquals(200, get("/shop/").status());
        }
    }

    @Test
    public void keptConnectionsAreServedOnceMoreAndNewOnesAreNot() throws Exception {
        try (RawClient kept = new RawClient(group.port())) {
            kept.get("/shop/");
            long before = System.currentTimeMillis();
            entrance(Entrance.CLOSING);
            // Connections know the millisecond of their begin, and this one has to be another.
            Until.until("a millisecond has passed", () -> System.currentTimeMillis() > before + 1);

            RawClient.Answer fresh = get("/shop/");
            assertEquals(503, fresh.status());
            assertEquals("5", fresh.header("Retry-After"));
            assertEquals("close", fresh.header("Connection"));
            RawClient.Answer last = kept.get("/shop/");
            assertEquals(200, last.status());
            assertEquals("shop", last.body());
            assertEquals("close", last.header("Connection"));
            assertEquals(-1, kept.read());
        }
    }

    @Test
    public void whatIsInFlightIsNamedAndEnds() throws Exception {
        assertEquals(List.of(), group.group().inFlight().lines());
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            Until.until("the handler has run", () -> finish.get() != null);
            entrance(Entrance.CLOSED);
            assertEquals(List.of("slow 1: 1 request"), group.group().inFlight().lines());
            assertEquals(503, get("/shop/").status());
            finish.get().run();
            RawClient.Answer answer = client.answer();
            assertEquals("slow", answer.body());
            assertEquals("close", answer.header("Connection"));
        }
        Until.until("it has ended", () -> group.group().inFlight().lines().isEmpty());
    }

    @Test
    public void aNodeThatIsTakenBackServesAsBefore() throws Exception {
        entrance(Entrance.CLOSED);
        assertEquals(503, get("/shop/").status());
        entrance(Entrance.OPEN);
        try (RawClient client = new RawClient(group.port())) {
            assertNull(client.get("/shop/").header("Connection"));
            assertEquals("shop", client.get("/shop/").body());
        }
    }

    @Test
    public void maintenanceHasAPageForEachKindOfClient() throws Exception {
        outage(outage("", false, Instant.now().plusSeconds(600), "back at <two> & \"three\""));

        RawClient.Answer page = get("/shop/", "Accept: text/html,*/*");
        assertEquals(503, page.status());
        assertEquals("text/html;charset=utf-8", page.header("Content-Type"));
        assertTrue(page.body(), page.body().contains("back at &lt;two&gt; &amp; &quot;three&quot;"));
        int again = Integer.parseInt(page.header("Retry-After"));
        assertTrue("" + again, again > 590 && again <= 601);
        assertEquals("no-store", page.header("Cache-Control"));

        RawClient.Answer json = get("/shop/", "Accept: application/json");
        assertEquals("application/problem+json", json.header("Content-Type"));
        assertTrue(json.body(), json.body().contains("\"detail\": \"back at <two> & \\\"three\\\"\""));
        RawClient.Answer text = get("/nobody/has/this");
        assertEquals(503, text.status());
        assertTrue(text.body(), text.body().startsWith("503: back at <two>"));
    }

    @Test
    public void whatBalancersAskIsAlive() throws Exception {
        outage(all());
        assertEquals(200, get("/health").status());
        assertEquals(200, get("/ping").status());
        assertEquals(503, get("/pingpong").status());
        assertEquals(404, get("/.well-known/acme-challenge/token").status());
        assertEquals(503, get("/health/../shop/").status());
    }

    @Test
    public void oneAppAloneMayHaveIt() throws Exception {
        outage(outage("shop", false, Instant.MAX, ""));
        assertEquals(503, get("/shop/").status());
        assertEquals("blog", get("/blog/").body());
        assertEquals(404, get("/nobody/has/this").status());
    }

    @Test
    public void whoOnlyReadsPasses() throws Exception {
        outage(outage("", true, Instant.MAX, ""));
        assertEquals(200, get("/shop/").status());
        for (String safe : List.of("HEAD", "OPTIONS")) {
            try (RawClient client = new RawClient(group.port())) {
                client.send(safe + " /shop/ HTTP/1.1\r\nHost: a\r\n\r\n");
                assertTrue(safe, client.line().contains(" 200 "));
            }
        }
        for (String unsafe : List.of("POST", "PUT", "DELETE", "PATCH", "get")) {
            assertEquals(
                    unsafe,
                    503,
                    send(unsafe + " /shop/ HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                            .status());
        }
    }

    @Test
    public void itEndsAtItsTimeThoughNobodySaysSo() throws Exception {
        Instant until = Instant.now().plusMillis(300);
        outage(outage("", false, until, ""));
        assertEquals(503, get("/shop/").status());
        Until.until("it has ended", () -> get("/shop/").status() == 200);
        assertFalse("and not before", Instant.now().isBefore(until));
    }

    @Test
    public void whoHasTheKeyPasses() throws Exception {
        outage(all());
        RawClient.Answer form = get("/.protoplex/maintenance");
        assertEquals(200, form.status());
        assertTrue(form.body(), form.body().contains("name=\"key\""));

        RawClient.Answer wrong = type("nonsense");
        assertEquals(403, wrong.status());
        assertNull(wrong.header("Set-Cookie"));
        RawClient.Answer right = type(KEY);
        assertEquals(303, right.status());
        assertEquals("/", right.header("Location"));
        String cookie = right.header("Set-Cookie");
        assertTrue(cookie, cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        assertFalse(cookie, cookie.contains("Secure"));
        assertEquals(
                "shop", get("/shop/", "Cookie: a=b; " + cookie.split(";")[0]).body());
        assertEquals(
                503, get("/shop/", "Cookie: " + PassKey.COOKIE + "=nonsense").status());
        assertTrue("the log has no key", group.log.stream().noneMatch(line -> line.contains(KEY)));
    }

    /** Of an app's maintenance, and of that of all apps. */
    @Test
    public void whoHasTwoKeysPassesBoth() throws Exception {
        String second = "another-key";
        outage(all(), new Outage("shop", false, Instant.MAX, "", hash(second)));
        String first = cookie(type(KEY));
        assertEquals("one of two", 503, get("/shop/", "Cookie: " + first).status());
        String both = cookie(type(second, "Cookie: " + first));
        assertEquals("shop", get("/shop/", "Cookie: " + both).body());
        assertEquals("they are kept once", both, cookie(type(second, "Cookie: " + both)));
        assertEquals(
                "no more than what is good is kept",
                first,
                cookie(type(KEY, "Cookie: " + PassKey.COOKIE + "=a.b.c.d.e.f.g.h.i.j")));
    }

    private static String cookie(RawClient.Answer answer) {
        return String.valueOf(answer.header("Set-Cookie")).split(";")[0];
    }

    private RawClient.Answer type(String key, String... fields) throws IOException {
        String body = "key=" + key;
        return send("POST /.protoplex/maintenance HTTP/1.1\r\nHost: a\r\n"
                + (fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n")
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
    }

    @Test
    public void whatIsTypedIsBounded() throws Exception {
        outage(all());
        assertEquals(400, type("x".repeat(100_000)).status());
        assertEquals("it serves on", 503, get("/shop/").status());
    }

    @Test
    public void withoutMaintenanceTheFormIsNobodys() throws Exception {
        assertEquals(404, get("/.protoplex/maintenance").status());
    }
}
