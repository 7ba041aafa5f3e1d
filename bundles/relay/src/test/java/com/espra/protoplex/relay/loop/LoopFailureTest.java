package com.espra.protoplex.relay.loop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.relay.upstream.UpstreamLimits;
import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Rule;
import org.junit.Test;

/** Targets and clients that leave, lie, stall, or say too much: what the other side gets, and that nothing is used again after it. */
public class LoopFailureTest {

    private static final String GET = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(60);

    @Rule
    public final LoopRule loop = new LoopRule();

    private static URI nobody() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
    }

    private static Decision.Times times(Duration head, Duration idle, Duration total) {
        return new Decision.Times(Duration.ofSeconds(2), head, idle, total);
    }

    private static OneTarget direct(Decision.Times times, URI... uris) {
        return new OneTarget(times, Decision.HeaderRules.NONE, uris);
    }

    private void answers(int status, WireTarget.Conversation conversation, String outcome) throws Exception {
        try (WireTarget target = new WireTarget(conversation);
                WireClient client = loop.client()) {
            OneTarget director = new OneTarget(target.uri());
            loop.direct(director);
            WireClient.Answer answer = client.send(GET).answer();
            assertEquals(answer.body(), status, answer.status());
            assertTrue(answer.body(), answer.body().contains(answer.fields().get("x-request-id")));
            Await.until("its end was not told", DEADLINE, () -> director.told().equals(List.of(outcome)));
            loop.direct(request -> new Decision.Pass());
            assertEquals(
                    "the client's connection serves on",
                    "jetty GET ",
                    client.send(GET).answer().body());
        }
    }

    @Test
    public void nobodyListens() throws Exception {
        try (WireClient client = loop.client()) {
            OneTarget director = new OneTarget(nobody());
            loop.direct(director);
            assertEquals(502, client.send(GET).answer().status());
            assertEquals(List.of("0 NO_CONNECTION"), director.told());
        }
    }

    @Test
    public void aNameThatNobodyHas() throws Exception {
        try (WireClient client = loop.client()) {
            loop.direct(new OneTarget(URI.create("http://nobody.invalid:80")));
            assertEquals(502, client.send(GET).answer().status());
        }
    }

    @Test
    public void aTargetByName() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = loop.client()) {
            loop.direct(
                    new OneTarget(URI.create("http://localhost:" + target.uri().getPort())));
            assertEquals(200, client.send(GET).answer().status());
        }
    }

    @Test
    public void thereIsNoTarget() throws Exception {
        try (WireClient client = loop.client()) {
            loop.direct(new OneTarget());
            WireClient.Answer answer = client.send(GET).answer();
            assertEquals(503, answer.status());
            assertEquals("1", answer.fields().get("retry-after"));
            assertEquals(
                    503,
                    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
                            .answer(true)
                            .status());
            assertEquals(503, client.send(GET).answer().status());
        }
    }

    @Test
    public void aTargetHasSoManyConnectionsAtOnceAndTheRestWaitsItsTurn() throws Exception {
        int most = UpstreamLimits.USUAL.connections();
        CountDownLatch go = new CountDownLatch(1);
        List<WireClient> clients = new ArrayList<>();
        try (WireTarget target = new WireTarget((its, in, socket) -> {
            while (its.request(in)) {
                await(go);
                WireTarget.write(socket, WireTarget.OK);
            }
        })) {
            loop.direct(new OneTarget(target.uri()));
            for (int i = 0; i < most + 10; i++) {
                clients.add(loop.client().send(GET));
            }
            Await.until("they do not come", DEADLINE, () -> target.connections() == most);
            go.countDown();
            for (WireClient client : clients) {
                int status = client.answer().status();
                assertTrue("status " + status, status == 200 || status == 503);
                client.close();
            }
            assertEquals(most, target.connections());
            Await.until(
                    "connections that nobody uses stay",
                    DEADLINE,
                    () -> loop.counts().connections() == 0);
        }
    }

    /** The first target closes, so that the client is listened to while its request waits for the second. */
    @Test
    public void whoLeavesWhileItWaitsForAConnectionTakesNobodysTurn() throws Exception {
        int most = UpstreamLimits.USUAL.connections();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch goLast = new CountDownLatch(1);
        List<WireClient> clients = new ArrayList<>();
        try (WireTarget closes = new WireTarget((its, in, socket) -> its.request(in));
                WireTarget busy = held(go, WireTarget.OK);
                WireTarget last = held(goLast, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast")) {
            OneTarget toBusy = new OneTarget(busy.uri());
            OneTarget toBoth = new OneTarget(closes.uri(), busy.uri());
            OneTarget toLast = new OneTarget(last.uri());
            loop.direct(request -> switch (request.path()) {
                case "/both" -> toBoth.direct(request);
                case "/last" -> toLast.direct(request);
                default -> toBusy.direct(request);
            });
            for (int i = 0; i < most; i++) {
                clients.add(loop.client().send(GET));
            }
            Await.until("they do not come", DEADLINE, () -> busy.heads().size() == most);
            WireClient leaves = loop.client().send(GET.replace("/x", "/both"));
            Await.until("it does not go on", DEADLINE, () -> toBoth.told().equals(List.of("0 CLOSED_EARLY")));
            leaves.close();
            Await.until("it stays", DEADLINE, () -> toBoth.told().equals(List.of("0 CLOSED_EARLY", "1 CLIENT")));
            WireClient other = loop.client().send(GET.replace("/x", "/last"));
            Await.until("it does not come", DEADLINE, () -> last.heads().size() == 1);
            go.countDown();
            for (WireClient client : clients) {
                assertEquals("ok", client.answer().body());
            }
            goLast.countDown();
            assertEquals("last", other.answer().body());
            assertTrue(busy.heads().stream().noneMatch(head -> head.startsWith("GET /last")));
            other.close();
            for (WireClient client : clients) {
                client.close();
            }
            Await.until(
                    "connections that nobody uses stay",
                    DEADLINE,
                    () -> loop.counts().connections() == 0);
        }
    }

    private static WireTarget held(CountDownLatch go, String answer) throws IOException {
        return new WireTarget((its, in, socket) -> {
            while (its.request(in)) {
                await(go);
                WireTarget.write(socket, answer);
            }
        });
    }

    @Test
    public void aRefusedConnectionLeadsToTheNextTargetWhateverTheMethod() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = loop.client()) {
            OneTarget director = new OneTarget(nobody(), target.uri());
            loop.direct(director);
            assertEquals("ok", client.send(POST).answer().body());
            Await.until(
                    "its end was not told",
                    DEADLINE,
                    () -> director.told().equals(List.of("0 NO_CONNECTION", "1 ANSWERED")));
        }
    }

    @Test
    public void aTargetThatClosesAtOnceIsAskedOnce() throws Exception {
        answers(502, (target, in, socket) -> target.request(in), "0 CLOSED_EARLY");
    }

    @Test
    public void whatWasSentIsSentAgainOnlyIfItMayBe() throws Exception {
        try (WireTarget closes = new WireTarget((its, in, socket) -> its.request(in));
                WireTarget target = WireTarget.answering();
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(closes.uri(), target.uri()));
            assertEquals(502, client.send(POST).answer().status());
            assertEquals(0, target.heads().size());
            assertEquals("ok", client.send(GET).answer().body());
        }
    }

    @Test
    public void aKeptConnectionThatTheTargetClosesInThatMomentIsNoFailure() throws Exception {
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    // It answers one request, and closes with the second.
                    if (its.request(in)) {
                        WireTarget.write(socket, WireTarget.OK);
                        its.request(in);
                    }
                });
                WireTarget other = WireTarget.answering();
                WireClient client = loop.client()) {
            OneTarget director = new OneTarget(target.uri(), other.uri());
            loop.direct(director);
            assertEquals(200, client.send(GET).answer().status());
            assertEquals(200, client.send(GET).answer().status());
            Await.until(
                    "its end was not told",
                    DEADLINE,
                    () -> director.told().equals(List.of("0 ANSWERED", "0 CLOSED_UNUSED", "1 ANSWERED")));
        }
    }

    /** As a process does that is killed, with what it has not read. */
    @Test
    public void aTargetThatIsResetIsOneThatClosed() throws Exception {
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    if (its.request(in)) {
                        WireTarget.write(socket, WireTarget.OK);
                        its.request(in);
                        socket.setSoLinger(true, 0);
                    }
                });
                WireTarget other = WireTarget.answering();
                WireClient client = loop.client()) {
            OneTarget director = new OneTarget(target.uri(), other.uri());
            loop.direct(director);
            assertEquals(200, client.send(GET).answer().status());
            assertEquals(200, client.send(GET).answer().status());
            Await.until(
                    "its end was not told",
                    DEADLINE,
                    () -> director.told().equals(List.of("0 ANSWERED", "0 CLOSED_UNUSED", "1 ANSWERED")));
        }
    }

    @Test
    public void nonsenseIsNotPassedOn() throws Exception {
        for (String nonsense : List.of(
                "hello\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: y\r\n folded\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100),
                "HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(300) + "\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "a".repeat(70_000))) {
            try (WireTarget target = new WireTarget((its, in, socket) -> {
                        if (its.request(in)) {
                            WireTarget.write(socket, nonsense);
                            in.read();
                        }
                    });
                    WireClient client = loop.client()) {
                OneTarget director = new OneTarget(target.uri());
                loop.direct(director);
                client.send(GET);
                int status = client.answer().status();
                for (int i = 0; status == 103 && i < 10; i++) {
                    status = client.answer().status();
                }
                assertEquals(nonsense.substring(0, Math.min(80, nonsense.length())), 502, status);
                assertEquals(List.of("0 NONSENSE"), director.told());
            }
        }
    }

    @Test
    public void anAnswerThatBreaksOffCutsTheClient() throws Exception {
        for (String part : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")) {
            try (WireTarget target = new WireTarget((its, in, socket) -> {
                        if (its.request(in)) {
                            WireTarget.write(socket, part);
                        }
                    });
                    WireClient client = loop.client()) {
                OneTarget director = new OneTarget(target.uri());
                loop.direct(director);
                client.send(GET);
                while (!client.line().isEmpty()) {
                    // The head came whole.
                }
                String rest = part.substring(part.indexOf("\r\n\r\n") + 4);
                assertEquals(rest, client.text(rest.length()));
                assertTrue(client.isClosed());
                Await.until(
                        "its end was not told", DEADLINE, () -> director.told().equals(List.of("0 CUT")));
            }
        }
    }

    @Test
    public void anAnswerThatEndsWithItsConnectionIsSeenToBeCut() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    if (its.request(in)) {
                        WireTarget.write(socket, "HTTP/1.0 200 OK\r\n\r\nfour");
                        await(read);
                        socket.setSoLinger(true, 0);
                    }
                });
                WireClient client = loop.client()) {
            OneTarget director = new OneTarget(target.uri());
            loop.direct(director);
            client.send(GET);
            while (!client.line().isEmpty()) {
                // The head came whole.
            }
            assertEquals("4", client.line());
            assertEquals("four", client.text(4));
            assertEquals("", client.line());
            read.countDown();
            assertTrue("no last chunk comes", client.isClosed());
            Await.until("its end was not told", DEADLINE, () -> director.told().equals(List.of("0 CUT")));
        }
    }

    /** Also where the client takes it late, and its end has to wait. */
    @Test
    public void aLongAnswerThatEndsWithItsConnectionComesWhole() throws Exception {
        String body = "0123456789abcdef".repeat(1 << 20);
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    if (its.request(in)) {
                        WireTarget.write(socket, "HTTP/1.1 200 OK\r\n\r\n" + body);
                    }
                });
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            client.send(GET);
            Await.until("it was not asked", DEADLINE, () -> target.heads().size() == 1);
            assertTrue(body.equals(client.answer().body()));
            assertTrue(body.equals(client.send(GET).answer().body()));
        }
    }

    @Test
    public void bytesAfterTheEndAreNobodysAndTheConnectionIsNotUsedAgain() throws Exception {
        try (WireTarget target =
                        WireTarget.answering(WireTarget.OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            for (int i = 1; i <= 3; i++) {
                assertEquals("ok", client.send(GET).answer().body());
                assertEquals(i, target.connections());
            }
        }
    }

    @Test
    public void bytesOfAConnectionThatNobodyUsesEndIt() throws Exception {
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    while (its.request(in)) {
                        WireTarget.write(socket, WireTarget.OK);
                        if (its.heads().size() == 1) {
                            socket.getOutputStream().flush();
                            WireTarget.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                        }
                    }
                });
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            assertEquals("ok", client.send(GET).answer().body());
            Await.until("the second never came to the target", DEADLINE, () -> {
                assertEquals("ok", client.send(GET).answer().body());
                return target.connections() >= 2;
            });
        }
    }

    @Test
    public void anAnswerBeforeTheBodyWasReadEndsBothConnections() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    for (int newline = 0; newline < 2; ) {
                        int c = in.read();
                        newline = c == '\n' ? newline + 1 : c == '\r' ? newline : 0;
                    }
                    WireTarget.write(socket, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
                    answered.countDown();
                    while (in.read() >= 0) {
                        // Until the relay closes.
                    }
                });
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nsome");
            WireClient.Answer answer = client.answer();
            assertEquals(413, answer.status());
            assertEquals("close", answer.fields().get("connection"));
            assertTrue(client.isClosed());
            assertTrue(answered.await(1, TimeUnit.SECONDS));
        }
    }

    @Test
    public void aTargetThatNeverAnswersIsLate() throws Exception {
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    its.request(in);
                    in.read();
                });
                WireClient client = loop.client()) {
            OneTarget director = direct(times(Duration.ofMillis(300), LONG, Duration.ZERO), target.uri());
            loop.direct(director);
            assertEquals(504, client.send(GET).answer().status());
            assertEquals(List.of("0 LATE"), director.told());
        }
    }

    @Test
    public void anAnswerThatStopsInTheMiddleIsCutAndSoIsOneThatTakesTooLong() throws Exception {
        for (Decision.Times times : List.of(
                times(LONG, Duration.ofMillis(300), Duration.ZERO), times(LONG, LONG, Duration.ofMillis(300)))) {
            try (WireTarget target = new WireTarget((its, in, socket) -> {
                        its.request(in);
                        WireTarget.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour");
                        in.read();
                    });
                    WireClient client = loop.client()) {
                OneTarget director = direct(times, target.uri());
                loop.direct(director);
                client.send(GET);
                while (!client.line().isEmpty()) {
                    // The head came whole.
                }
                assertEquals("four", client.text(4));
                assertTrue(client.isClosed());
                Await.until(
                        "its end was not told", DEADLINE, () -> director.told().equals(List.of("0 CUT")));
            }
        }
    }

    @Test
    public void aClientThatLeavesTakesTheTargetsConnectionWithIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (WireTarget target = new WireTarget((its, in, socket) -> {
            its.request(in);
            asked.countDown();
            if (in.read() < 0) {
                closed.countDown();
            }
        })) {
            OneTarget director = new OneTarget(target.uri());
            loop.direct(director);
            try (WireClient client = loop.client()) {
                client.send(GET);
                assertTrue(asked.await(10, TimeUnit.SECONDS));
            }
            assertTrue(closed.await(10, TimeUnit.SECONDS));
            Await.until("its end was not told", DEADLINE, () -> director.told().equals(List.of("0 CLIENT")));
        }
    }

    @Test
    public void aClientThatDoesNotReadStopsTheTarget() throws Exception {
        AtomicLong sent = new AtomicLong();
        byte[] block = new byte[1 << 16];
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    its.request(in);
                    WireTarget.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                    for (int i = 0; i < 10_000; i++) {
                        socket.getOutputStream().write(block);
                        sent.addAndGet(block.length);
                    }
                });
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            client.send(GET);
            Await.until("the target is never stopped", DEADLINE, new Standstill(sent)::isThere);
            assertTrue(sent + " bytes were taken from the target", sent.get() < 64 << 20);
            while (!client.line().isEmpty()) {
                // It reads again: and all goes on.
            }
            long before = sent.get();
            client.text(32 << 20);
            Await.until("it does not go on", DEADLINE, () -> sent.get() > before);
        }
    }

    /** A count that stands still. */
    private static final class Standstill {
        private final AtomicLong count;
        private long last;
        private long since;

        Standstill(AtomicLong count) {
            this.count = count;
        }

        boolean isThere() {
            long now = count.get();
            if (now == 0 || now != last) {
                last = now;
                since = System.nanoTime();
            }
            return System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(300);
        }
    }

    @Test
    public void aClientThatDoesNotReadAnInterimAnswerIsCutWhenItsTargetFails() throws Exception {
        String interim = "HTTP/1.1 103 Early Hints\r\nX: " + "y".repeat(60_000) + "\r\n\r\n";
        try (WireTarget target = WireTarget.answering(interim + WireTarget.OK);
                WireTarget other = WireTarget.answering();
                WireClient client = loop.client()) {
            OneTarget director = direct(times(LONG, LONG, Duration.ofSeconds(1)), target.uri(), other.uri());
            loop.direct(director);
            client.send(GET.repeat(500));
            Await.until("nothing stops it", DEADLINE, () -> director.told().contains("0 LATE"));
            for (boolean closed = false; !closed; ) {
                closed = client.isClosed();
            }
            assertEquals(List.of(), loop.front().lines());
            assertEquals(0, other.heads().size());
            assertTrue(target.heads().size() + " requests", target.heads().size() < 500);
        }
    }

    /** It reads the answer, and goes on to send, slowly. */
    @Test
    public void whoSendsOnSlowlyAfterTheEndIsDisconnected() throws Exception {
        try (WireClient client = loop.client()) {
            loop.direct(new OneTarget(nobody()));
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
            assertEquals(502, client.answer().status());
            assertTrue(client.isClosed());
            Await.until("it may send on for ever", DEADLINE, () -> isGone(client));
        }
    }

    private static boolean isGone(WireClient client) {
        try {
            client.send("x");
            return false;
        } catch (IOException gone) {
            return true;
        }
    }

    @Test
    public void aTargetThatDoesNotReadStopsTheClient() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    await(go);
                    its.request(in);
                    WireTarget.write(socket, WireTarget.OK);
                });
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            int length = 50 << 20;
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
            Thread sender = Thread.ofVirtual().start(() -> send(client.socket(), length, sent));
            Await.until("the client is never stopped", DEADLINE, new Standstill(sent)::isThere);
            assertTrue(sent + " bytes were taken from the client", sent.get() < length);
            go.countDown();
            assertEquals("ok", client.answer().body());
            sender.join();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void send(Socket to, int length, AtomicLong sent) {
        byte[] block = new byte[1 << 16];
        try {
            for (int left = length; left > 0; left -= block.length) {
                to.getOutputStream().write(block);
                sent.addAndGet(block.length);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void aDirectorThatGoesLeavesWhatIsUnderWayAlone() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    its.request(in);
                    await(go);
                    WireTarget.write(socket, WireTarget.OK);
                    drain(in);
                });
                WireClient client = loop.client()) {
            loop.direct(new OneTarget(target.uri()));
            client.send(GET);
            Await.until("it was not asked", DEADLINE, () -> target.heads().size() == 1);
            assertEquals(
                    "a drain waits for it",
                    List.of("relay: 1 request"),
                    loop.front().lines());
            loop.direct(request -> new Decision.Pass());
            go.countDown();
            assertEquals("ok", client.answer().body());
            assertEquals("jetty GET ", client.send(GET).answer().body());
            assertEquals(List.of(), loop.front().lines());
        }
    }

    private static void drain(InputStream in) throws IOException {
        while (in.read() >= 0) {
            // Until the relay closes.
        }
    }

    @Test
    public void aFailureHasThePageOfWhoDirectsAndTheIdInIt() throws Exception {
        Decision.Says says = new Decision.Says(Map.of(502, "<p>Sorry: {request}</p>"), true);
        try (WireTarget target = new WireTarget((each, in, socket) -> each.request(in));
                WireTarget good = WireTarget.answering()) {
            OneTarget gone = new OneTarget(target.uri());
            loop.direct(request -> {
                Decision.Relay relay = (Decision.Relay) gone.direct(request);
                return new Decision.Relay(relay.targets(), relay.rules(), relay.times(), says);
            });
            try (WireClient client = loop.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: an-id\r\n\r\n");
                WireClient.Answer answer = client.answer();
                assertEquals(502, answer.status());
                assertEquals("<p>Sorry: an-id</p>", answer.body());
                assertEquals("text/html;charset=utf-8", answer.fields().get("content-type"));
                OneTarget well = new OneTarget(good.uri());
                loop.direct(request -> {
                    Decision.Relay relay = (Decision.Relay) well.direct(request);
                    return new Decision.Relay(relay.targets(), relay.rules(), relay.times(), says);
                });
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                answer = client.answer();
                assertEquals(200, answer.status());
                String timing = answer.fields().get("server-timing");
                assertTrue(timing, timing.matches("connect;dur=\\d+\\.\\d{3}, target;dur=\\d+\\.\\d{3}"));
            }
        }
    }
}
