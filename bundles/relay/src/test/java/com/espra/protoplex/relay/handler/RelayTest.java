package com.espra.protoplex.relay.handler;

import static com.espra.protoplex.relay.handler.RelayRig.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.relay.direct.ToldTargets;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.Rule;
import org.junit.Test;

/** What a request and its answer become on their way. */
public class RelayTest {

    @Rule
    public final RelayRig rig = new RelayRig();

    @Test
    public void aRequestIsAnsweredByTheTarget() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.answering(
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Own: yes\r\nConnection: X-Hop\r\nX-Hop: no\r\n\r\nhello");
                Talk client = new Talk(rig.port())) {
            ToldTargets told = rig.relayTo(Decision.Times.USUAL, target.address());
            client.get(
                    "/a%20b/./c?x=%20&y",
                    "X-Request-Id: id-1",
                    "X-Forwarded-For: 6.6.6.6",
                    "X-Forwarded-Prefix: /mine",
                    "X-Forwarded-Ssl: on",
                    "Protoplex-Relay-Proof: stolen",
                    "Connection: keep-alive, X-Mine",
                    "X-Mine: 1",
                    "Cookie: a=b",
                    "TE: trailers");
            String answer = client.head();
            assertTrue(answer, answer.startsWith("HTTP/1.1 200"));
            assertEquals("hello", client.body(answer));
            assertEquals("yes", Talk.field(answer, "X-Own"));
            assertEquals("id-1", Talk.field(answer, "X-Request-Id"));
            assertEquals("1.1 test-node", Talk.field(answer, "Via"));
            assertNull(answer, Talk.field(answer, "X-Hop"));
            String head = target.heads.getFirst();
            assertTrue(head, head.startsWith("GET /a%20b/./c?x=%20&y HTTP/1.1\nHost: shop.example\n"));
            assertEquals("a=b", Talk.field(head, "Cookie"));
            assertEquals("id-1", Talk.field(head, "X-Request-Id"));
            assertEquals("127.0.0.1", Talk.field(head, "X-Forwarded-For"));
            assertEquals("http", Talk.field(head, "X-Forwarded-Proto"));
            assertEquals("shop.example", Talk.field(head, "X-Forwarded-Host"));
            assertEquals("for=127.0.0.1;host=\"shop.example\";proto=http", Talk.field(head, "Forwarded"));
            assertEquals("1.1 test-node", Talk.field(head, "Via"));
            assertEquals("trailers", Talk.field(head, "TE"));
            assertNull(head, Talk.field(head, "X-Mine"));
            assertNull(head, Talk.field(head, "X-Forwarded-Prefix"));
            assertNull(head, Talk.field(head, "X-Forwarded-Ssl"));
            assertNull(head, Talk.field(head, "Protoplex-Relay-Proof"));
            assertNull(head, Talk.field(head, "User-Agent"));
            assertNull(head, Talk.field(head, "Content-Length"));
            until("the end", () -> told.told().size() == 2);
            assertEquals(List.of(target.address() + " 200", target.address() + " ANSWERED"), told.told());
            until("nothing in flight", () -> rig.inFlight() == 0);
        }
    }

    @Test
    public void connectionsAreUsedAgain() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                Talk client = new Talk(rig.port())) {
            rig.relayAllTo(target.address());
            for (int i = 0; i < 20; i++) {
                client.get("/");
                assertEquals("ok", client.body(client.head()));
                until("it is at rest", () -> rig.upstream().resting() == 1);
            }
            assertEquals(1, target.connections());
        }
    }

    @Test
    public void bodiesAndTrailersGoBothWays() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        try (ScriptedTarget target = new ScriptedTarget(talk -> {
                    String head = talk.head();
                    received.complete(Talk.field(head, "Transfer-Encoding") + " " + talk.body(head));
                    talk.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                            + "3\r\nabc\r\n0\r\nX-Sum: 9\r\nContent-Length: 7\r\n\r\n");
                    talk.read();
                });
                Talk client = new Talk(rig.port())) {
            rig.relayAllTo(target.address());
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-In\r\n\r\n"
                    + "4\r\nbody\r\n0\r\nX-In: 1\r\nHost: evil\r\n\r\n");
            String answer = client.head();
            assertEquals("abc|X-Sum: 9", client.body(answer));
            assertEquals("chunked body|X-In: 1", received.get());
        }
    }

    @Test
    public void aBodyOfKnownLengthKeepsIt() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.answering("HTTP/1.1 204 No Content\r\n\r\n");
                Talk client = new Talk(rig.port())) {
            rig.relayAllTo(target.address());
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
            assertTrue(client.head().startsWith("HTTP/1.1 204"));
            assertEquals("4", Talk.field(target.heads.getFirst(), "Content-Length"));
            until("it is at rest", () -> rig.upstream().resting() == 1);
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(client.head().startsWith("HTTP/1.1 204"));
            assertEquals("a HEAD was given another connection", 1, target.connections());
        }
    }

    @Test
    public void aHeadHasALengthAndNoBody() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                Talk client = new Talk(rig.port())) {
            rig.relayAllTo(target.address());
            for (int i = 0; i < 2; i++) {
                client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals("1000", Talk.field(client.head(), "Content-Length"));
                until("it is at rest", () -> rig.upstream().resting() == 1);
            }
            assertEquals(1, target.connections());
        }
    }

    @Test
    public void interimAnswersAndContinueGoThrough() throws Exception {
        try (ScriptedTarget target = new ScriptedTarget(talk -> {
                    String head = talk.head();
                    if (!"100-continue".equals(Talk.field(head, "Expect"))) {
                        return;
                    }
                    talk.send("HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
                    String body = talk.body(head);
                    talk.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                    talk.read();
                });
                Talk client = new Talk(rig.port())) {
            rig.relayAllTo(target.address());
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            String hints = client.head();
            assertTrue(hints, hints.startsWith("HTTP/1.1 103"));
            assertEquals("</s.css>", Talk.field(hints, "Link"));
            String go = client.head();
            assertTrue(go, go.startsWith("HTTP/1.1 100"));
            client.send("body");
            String answer = client.head();
            assertTrue(answer, answer.startsWith("HTTP/1.1 200"));
            assertEquals("body", client.body(answer));
        }
    }

    @Test
    public void aRefusedContinueNeedsNoBody() throws Exception {
        try (ScriptedTarget target = new ScriptedTarget(talk -> {
                    talk.head();
                    talk.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
                    talk.read();
                });
                Talk client = new Talk(rig.port())) {
            rig.relayAllTo(target.address());
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertTrue(client.head().startsWith("HTTP/1.1 417"));
            until("its connection is closed", () -> rig.upstream().connections() == 0);
        }
    }

    @Test
    public void eventsComeAtOnce() throws Exception {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        try (ScriptedTarget target = new ScriptedTarget(talk -> {
                    talk.head();
                    talk.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                    talk.send("9\r\ndata: 1\n\n\r\n");
                    seen.join();
                    talk.send("9\r\ndata: 2\n\n\r\n");
                    talk.read();
                });
                Talk client = new Talk(rig.port())) {
            rig.relayAllTo(target.address());
            client.get("/");
            client.head();
            assertEquals("data: 1\n\n", client.chunk());
            seen.complete(null);
            assertEquals("data: 2\n\n", client.chunk());
        }
    }

    @Test
    public void aWebSocketCarriesBytesBothWays() throws Exception {
        try (ScriptedTarget target = new ScriptedTarget(talk -> {
                    String head = talk.head();
                    talk.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: " + Talk.field(head, "Upgrade")
                            + "\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nearly");
                    while (true) {
                        talk.send("<" + talk.line() + ">");
                    }
                });
                Talk client = new Talk(rig.port())) {
            rig.relayAllTo(target.address());
            client.get("/", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: k");
            String answer = client.head();
            assertTrue(answer, answer.startsWith("HTTP/1.1 101"));
            assertEquals("websocket", Talk.field(answer, "Upgrade"));
            assertEquals("x", Talk.field(answer, "Sec-WebSocket-Accept"));
            assertEquals("early", client.text(5));
            for (int i = 0; i < 100; i++) {
                client.send("frame " + i + "\n");
                String back = "<frame " + i + ">";
                assertEquals(back, client.text(back.length()));
            }
            assertEquals(1, rig.inFlight());
            client.close();
            until("the target's connection is closed", () -> rig.inFlight() == 0);
        }
    }

    @Test
    public void anUpgradeWithABodyIsARequestAsAnyAndHttp2IsNotAskedFor() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                Talk client = new Talk(rig.port())) {
            rig.relayAllTo(target.address());
            for (String body : List.of(
                    "Content-Length: 4\r\n\r\nGET ", "Transfer-Encoding: chunked\r\n\r\n4\r\nGET \r\n0\r\n\r\n")) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + body);
                assertEquals("ok", client.body(client.head()));
                String head = target.heads.getLast();
                assertNull(head, Talk.field(head, "Upgrade"));
                assertNull(head, Talk.field(head, "Connection"));
                assertEquals(
                        body.substring(0, body.indexOf(':')),
                        head.lines().toList().getLast().split(":")[0]);
            }
            client.get("/", "Connection: Upgrade", "Upgrade: websocket, H2C", "Upgrade: h2c, other");
            assertEquals("ok", client.body(client.head()));
            assertEquals("websocket, other", Talk.field(target.heads.getLast(), "Upgrade"));
        }
    }

    @Test
    public void theDirectorAnswersPassesAndHolds() throws Exception {
        CompletableFuture<Decision> held = new CompletableFuture<>();
        rig.director(request -> switch (request.path()) {
            case "/pass" -> new Decision.Pass();
            case "/move" -> Decision.Respond.redirect(308, "https://" + request.host() + "/new");
            case "/page" ->
                new Decision.Respond(
                        200, Map.of("Content-Type", "text/plain"), "page".getBytes(StandardCharsets.UTF_8));
            case "/bad" -> throw new IllegalStateException("no idea");
            default -> new Decision.Later(held);
        });
        try (Talk client = new Talk(rig.port())) {
            client.get("/pass");
            String none = client.head();
            assertTrue(none, none.startsWith("HTTP/1.1 404"));
            client.body(none);
            client.get("/move");
            String moved = client.head();
            assertEquals("https://shop.example/new", Talk.field(moved, "Location"));
            client.body(moved);
            client.get("/page");
            assertEquals("page", client.body(client.head()));
            client.get("/bad", "X-Request-Id: abc");
            String failed = client.head();
            assertTrue(failed, failed.startsWith("HTTP/1.1 500"));
            assertTrue(client.body(failed).contains("abc"));
            client.get("/held");
            until("it is held", () -> rig.inFlight() == 1);
            held.complete(new Decision.Respond(200, Map.of(), "now".getBytes(StandardCharsets.UTF_8)));
            assertEquals("now", client.body(client.head()));
        }
    }

    @Test
    public void aCircleIsBroken() throws Exception {
        try (Talk client = new Talk(rig.port())) {
            rig.relayAllTo("http://127.0.0.1:" + rig.port());
            client.get("/");
            String answer = client.head();
            assertTrue(answer, answer.startsWith("HTTP/1.1 508"));
        }
    }

    @Test
    public void theDateIsTheTargetsAndStandsOnce() throws Exception {
        String date = "Mon, 01 Jan 2001 00:00:00 GMT";
        try (ScriptedTarget target = ScriptedTarget.answering(
                        "HTTP/1.1 200 OK\r\nDate: " + date + "\r\nContent-Length: 2\r\n\r\nok");
                Talk client = new Talk(rig.port())) {
            rig.relayAllTo(target.address());
            client.get("/");
            String head = client.head();
            assertEquals(
                    head,
                    1,
                    head.lines().filter(line -> line.startsWith("Date:")).count());
            assertEquals(date, Talk.field(head, "Date"));
        }
        try (ScriptedTarget without = ScriptedTarget.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                Talk client = new Talk(rig.port())) {
            rig.relayAllTo(without.address());
            client.get("/");
            String head = client.head();
            assertEquals(
                    head,
                    1,
                    head.lines().filter(line -> line.startsWith("Date:")).count());
        }
    }
}
