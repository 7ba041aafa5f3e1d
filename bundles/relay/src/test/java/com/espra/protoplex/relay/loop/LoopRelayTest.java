package com.espra.protoplex.relay.loop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.test.support.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;

/** What is relayed by the loop, in good days: heads and bodies both ways, and what is not its own. */
public class LoopRelayTest {

    private static final String GET = "GET /x HTTP/1.1\r\nHost: shop.example\r\n\r\n";
    private static final int MEGABYTE = 1 << 20;
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @Rule
    public final LoopRule loop = new LoopRule();

    @Test
    public void aHeadIsForwardedWithWhatIsKnownOfTheClient() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            WireClient.Answer answer = client.send(
                            "GET /x?y HTTP/1.1\r\nHost: shop.example:81\r\nX-Request-Id: mine-1\r\nAccept: */*\r\nForwarded: for=9.9.9.9\r\n\r\n")
                    .answer();
            assertEquals("ok", answer.body());
            assertEquals("mine-1", answer.fields().get("x-request-id"));
            assertEquals(
                    "GET /x?y HTTP/1.1\r\nHost: shop.example:81\r\nAccept: */*\r\nX-Forwarded-For: 127.0.0.1\r\n"
                            + "Forwarded: for=127.0.0.1;host=\"shop.example:81\";proto=http\r\n"
                            + "X-Forwarded-Proto: http\r\nX-Forwarded-Host: shop.example:81\r\nX-Request-Id: mine-1\r\n"
                            + "Via: 1.1 node-1\r\n\r\n",
                    target.received());
        }
    }

    @Test
    public void aConnectionToATargetIsUsedAgain() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = loop.client()) {
            OneTarget director = new OneTarget(target.uri());
            loop.direct(director);
            for (int i = 0; i < 10; i++) {
                assertEquals(200, client.send(GET).answer().status());
            }
            assertEquals(1, target.connections());
            Await.until(
                    "it was not told of ten", DEADLINE, () -> director.told().size() == 10);
            assertEquals(Set.of("0 ANSWERED"), Set.copyOf(director.told()));
            assertEquals(10, loop.counts().relayed());
        }
    }

    @Test
    public void fieldsOfOneConnectionAreNotPassedOn() throws Exception {
        String answer =
                "HTTP/1.1 200 Fine\r\nConnection: x-a, keep-alive\r\nX-A: 1\r\nX-B: 2\r\nKeep-Alive: timeout=5\r\n"
                        + "Content-Length: 02\r\nProxy-Connection: x\r\n\r\nok";
        try (WireTarget target = WireTarget.answering(answer);
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            client.send(GET);
            assertEquals("HTTP/1.1 200 Fine", client.line());
            assertEquals("X-B: 2", client.line());
            assertEquals("Content-Length: 2", client.line());
            assertEquals("Via: 1.1 node-1", client.line());
            assertTrue(client.line().startsWith("X-Request-Id: "));
            assertEquals("", client.line());
            assertEquals("ok", client.text(2));
        }
    }

    @Test
    public void rulesSetAndRemoveFieldsOfBothHeads() throws Exception {
        try (WireTarget target =
                        WireTarget.answering("HTTP/1.1 200 OK\r\nServer: s\r\nX-C: 1\r\nContent-Length: 0\r\n\r\n");
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(
                    Decision.Times.USUAL,
                    new Decision.HeaderRules(
                            Map.of("X-A", "new", "x-b", ""),
                            Map.of("Server", "", "Strict-Transport-Security", "max-age=1")),
                    target.uri()));
            WireClient.Answer answer = client.send("GET / HTTP/1.1\r\nHost: a\r\nx-a: old\r\nX-B: 1\r\n\r\n")
                    .answer();
            assertEquals(answer.body(), 200, answer.status());
            assertFalse(answer.fields().containsKey("server"));
            assertEquals("max-age=1", answer.fields().get("strict-transport-security"));
            assertEquals("1", answer.fields().get("x-c"));
            String head = target.heads().getFirst();
            assertTrue(head, head.contains("X-A: new\r\n"));
            assertFalse(
                    head,
                    Pattern.compile("x-b|old", Pattern.CASE_INSENSITIVE)
                            .matcher(head)
                            .find());
        }
    }

    @Test
    public void aCookieOfARuleTakesNoneOfTheTargetsAway() throws Exception {
        try (WireTarget target =
                        WireTarget.answering("HTTP/1.1 200 OK\r\nset-cookie: s=1\r\nContent-Length: 0\r\n\r\n");
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(
                    Decision.Times.USUAL,
                    new Decision.HeaderRules(Map.of(), Map.of("Set-Cookie", "to=2")),
                    target.uri()));
            client.send(GET);
            StringBuilder head = new StringBuilder();
            for (String line = client.line(); !line.isEmpty(); line = client.line()) {
                head.append(line).append('\n');
            }
            assertTrue(head.toString(), head.toString().contains("set-cookie: s=1\n"));
            assertTrue(head.toString(), head.toString().contains("Set-Cookie: to=2\n"));
        }
    }

    @Test
    public void bodiesOfAMegabyteGoBothWays() throws Exception {
        String body = "0123456789abcdef".repeat(MEGABYTE / 16);
        try (WireTarget target =
                        WireTarget.answering("HTTP/1.1 200 OK\r\nContent-Length: " + MEGABYTE + "\r\n\r\n" + body);
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            for (int i = 0; i < 3; i++) {
                client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + MEGABYTE + "\r\n\r\n")
                        .send(body);
                assertEquals(body, client.answer().body());
            }
            assertTrue(target.received().endsWith("\r\n\r\n" + body));
            assertEquals(1, target.connections());
        }
    }

    @Test
    public void anAnswerInChunksStaysSo() throws Exception {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n";
        try (WireTarget target = WireTarget.answering(chunked);
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            assertEquals("hello", client.send(GET).answer().body());
            assertEquals("hello", client.send(GET).answer().body());
            assertEquals(1, target.connections());
        }
    }

    @Test
    public void anAnswerThatEndsWithItsConnectionIsSentInChunks() throws Exception {
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    if (its.request(in)) {
                        WireTarget.write(socket, "HTTP/1.0 200 OK\r\n\r\nuntil the end");
                    }
                });
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            for (int i = 1; i <= 2; i++) {
                WireClient.Answer answer = client.send(GET).answer();
                assertEquals("until the end", answer.body());
                assertEquals("chunked", answer.fields().get("transfer-encoding"));
                assertNull("the client's connection serves on", answer.fields().get("connection"));
                assertEquals(i, target.connections());
            }
            assertNull(client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
                    .answer(true)
                    .fields()
                    .get("transfer-encoding"));
        }
    }

    @Test
    public void whatHasNoBodySaysNothingOfItsEncoding() throws Exception {
        String encoding = "\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (WireTarget target = WireTarget.answering(
                        "HTTP/1.1 103 Early Hints" + encoding + "HTTP/1.1 204 No Content" + encoding);
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            client.send(GET);
            assertNull(client.answer().fields().get("transfer-encoding"));
            WireClient.Answer answer = client.answer();
            assertEquals(204, answer.status());
            assertNull(answer.fields().get("transfer-encoding"));
        }
    }

    @Test
    public void answersWithoutABodyAreToldByMethodAndStatus() throws Exception {
        try (WireTarget target = WireTarget.answering("HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n");
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            assertEquals(304, client.send(GET).answer().status());
            WireClient.Answer head =
                    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").answer(true);
            assertEquals("500", head.fields().get("content-length"));
            assertEquals(304, client.send(GET).answer().status());
            assertEquals(1, target.connections());
        }
    }

    @Test
    public void interimAnswersComeBeforeTheFinalOne() throws Exception {
        try (WireTarget target = WireTarget.answering("HTTP/1.1 100 Continue\r\n\r\n"
                        + "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + WireTarget.OK);
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            WireClient.Answer early = client.send(GET).answer();
            assertEquals(103, early.status());
            assertEquals("</a.css>", early.fields().get("link"));
            assertEquals("ok", client.answer().body());
        }
    }

    @Test
    public void whatAUnitClaimsGoesToItWithTheBytesThatWereRead() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            Handler unit = new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) throws Exception {
                    Content.Sink.write(response, true, "unit " + Content.Source.asString(request), callback);
                    return true;
                }
            };
            Backend backend = loop.group().dispatcher().open("app", "v1");
            backend.start(unit);
            backend.serve(List.of(new Endpoint(Set.of(Route.of("/mine")), unit)));
            loop.group().dispatcher().flip(backend);
            assertEquals("ok", client.send(GET).answer().body());
            client.send("POST /mine HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")
                    .send("lo");
            assertEquals("unit hello", client.answer().body());
            // Jetty has the connection from here on.
            assertEquals("jetty GET ", client.send(GET).answer().body());
            backend.close();
        }
    }

    @Test
    public void aHeadInPiecesIsJettys() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            client.send("GET /x HT");
            Await.until("it is not handed over", DEADLINE, () -> loop.counts().handed() == 1);
            assertEquals(
                    "jetty GET ",
                    client.send("TP/1.1\r\nHost: a\r\n\r\n").answer().body());
        }
    }

    @Test
    public void aNodeThatDrainsIsJettys() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            assertEquals(200, client.send(GET).answer().status());
            loop.group().standing(new NodeStanding(Entrance.CLOSED, List.of()));
            assertEquals(503, client.send(GET).answer().status());
            assertEquals(1, target.heads().size());
        }
    }

    @Test
    public void otherDecisionsAreJettys() throws Exception {
        try (WireClient client = loop.client()) {
            loop.direct(request -> new Decision.Pass());
            try (WireClient first = loop.client()) {
                assertEquals("jetty GET ", first.send(GET).answer().body());
            }
            loop.direct(request -> {
                throw new IllegalStateException("a director with an error");
            });
            assertEquals("jetty GET ", client.send(GET).answer().body());
        }
    }

    @Test
    public void theAccessLogHasALineForEach() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            client.send("GET /x?secret HTTP/1.1\r\nHost: a\r\nUser-Agent: test\r\nX-Request-Id: id-1\r\n\r\n")
                    .answer();
            client.send("GET  /y HTTP/1.1\r\n\r\n").answer();
            Await.until("there are no two lines", DEADLINE, () -> loop.log.size() == 2);
            String line = loop.log.poll();
            assertTrue(
                    line,
                    line.matches(
                            ".* 127.0.0.1 \"GET /x\\?\\.\\.\\. HTTP/1.1\" 200 2 \\d+us id-1 relay@relay \"test\" 127.0.0.1:"
                                    + target.uri().getPort()
                                    + " queue=\\d+us connect=\\d+us first=\\d+us total=\\d+us tries=1 ANSWERED/answer"));
            assertTrue(loop.log.peek(), loop.log.peek().contains("\"- - HTTP/1.1\" 400 "));
        }
    }

    @Test
    public void tenThousandRequestsOfManyClientsLeaveNothingBehind() throws Exception {
        try (WireTarget target = WireTarget.answering()) {
            OneTarget director = new OneTarget(target.uri());
            loop.direct(director);
            List<Thread> clients = IntStream.range(0, 20)
                    .mapToObj(each -> Thread.ofVirtual().start(() -> {
                        try (WireClient client = loop.client()) {
                            for (int i = 0; i < 500; i++) {
                                client.send(GET).answer();
                            }
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }))
                    .toList();
            for (Thread client : clients) {
                client.join();
            }
            Await.until(
                    "it was not told of all", DEADLINE, () -> director.told().size() == 10_000);
            assertEquals(Set.of("0 " + Outcome.ANSWERED), Set.copyOf(director.told()));
            assertEquals(10_000, loop.counts().relayed());
            assertTrue(target.connections() <= 20);
        }
    }

    @Test
    public void whoseRequestItIsSaysABalancerThatIsTrusted() throws Exception {
        String request = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6, 192.0.2.7\r\n"
                + "X-Forwarded-Proto: https\r\n\r\n";
        try (WireTarget target = WireTarget.answering()) {
            List<String> seen = new CopyOnWriteArrayList<>();
            OneTarget one = new OneTarget(target.uri());
            loop.direct(asked -> {
                seen.add(asked.client().getAddress().getHostAddress() + " " + asked.scheme() + " " + asked.port());
                return one.direct(asked);
            });
            try (WireClient client = new WireClient(loop.balanced())) {
                assertEquals(200, client.send(request).answer().status());
                assertEquals(
                        200,
                        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                                .answer()
                                .status());
            }
            try (WireClient client = loop.client()) {
                assertEquals(200, client.send(request).answer().status());
            }
            assertEquals(List.of("192.0.2.7 https 443", "127.0.0.1 http 80", "127.0.0.1 http 80"), seen);
            String first = target.heads().getFirst();
            assertTrue(first, first.contains("X-Forwarded-For: 192.0.2.7\r\n"));
            assertTrue(first, first.contains("X-Forwarded-Proto: https\r\n"));
            assertFalse(target.received(), target.received().contains("6.6.6.6"));
            assertTrue(target.heads().get(2).contains("X-Forwarded-For: 127.0.0.1\r\n"));
        }
    }
}
