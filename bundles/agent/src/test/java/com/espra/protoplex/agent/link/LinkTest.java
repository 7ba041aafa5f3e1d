package com.espra.protoplex.agent.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LinkTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private static final Timing QUICK = new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            Duration.ofMillis(5),
            Duration.ofMillis(50),
            Duration.ofSeconds(2));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final SeedHttp client = new SeedHttp();
    private final FakePeer peer = new FakePeer();
    private WebSocketSeed seed;
    private Path token;
    private Link link;

    /** A node that remembers what it was told. */
    private static final class FakePeer implements Link.Peer {
        final List<LinkFrame.Desired> heard = new CopyOnWriteArrayList<>();
        final List<LinkFrame.Result> results = new CopyOnWriteArrayList<>();
        final List<LinkFrame.Upgrade> upgrades = new CopyOnWriteArrayList<>();
        final List<LinkFrame.Directory> directory = new CopyOnWriteArrayList<>();
        final List<LinkFrame.Standing> standings = new CopyOnWriteArrayList<>();
        final AtomicInteger failures = new AtomicInteger();

        @Override
        public LinkFrame.Hello hello() {
            return new LinkFrame.Hello(
                    LinkFrame.PROTOCOL,
                    "node-1",
                    "local",
                    Set.of("app"),
                    7,
                    "0.1",
                    Map.of(),
                    LinkFrame.Desired.NONE,
                    Map.of());
        }

        @Override
        public LinkFrame.Actual actual() {
            return new LinkFrame.Actual(3, List.of());
        }

        @Override
        public List<LinkFrame.Result> results() {
            return results;
        }

        @Override
        public void directory(LinkFrame.Directory part) {
            directory.add(part);
        }

        @Override
        public void revoked(LinkFrame.Revoked revoked) {}

        @Override
        public void standing(LinkFrame.Standing standing) {
            standings.add(standing);
        }

        @Override
        public void ask(LinkFrame.Ask question) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void upgrade(LinkFrame.Upgrade upgrade) {
            upgrades.add(upgrade);
        }

        @Override
        public void desired(LinkFrame.Desired desired) throws IOException {
            heard.add(desired);
            if (failures.getAndDecrement() > 0) {
                throw new IOException("no space left");
            }
        }
    }

    @Before
    public void start() throws Exception {
        seed = new WebSocketSeed(0);
        token = folder.newFile("link.token").toPath();
        Files.writeString(token, WebSocketSeed.TOKEN + "\n");
        link = new Link(client, new SeedAddress("localhost:" + seed.port(), token), peer, QUICK);
    }

    @After
    public void stop() throws Exception {
        link.close();
        client.close();
        seed.close();
    }

    private static LinkFrame.Event event(int number) {
        return new LinkFrame.Event("hello", "1.0", "FETCH", "PROGRESS", "" + number, 0);
    }

    private static LinkFrame.Result result(long sequence, String unit) {
        return new LinkFrame.Result(sequence, unit, "d", true, "", 0);
    }

    private void awaitHellos(int count) {
        Await.until(
                "hello number " + count,
                SOON,
                () -> seed.peers.size() >= count
                        && !seed.peers
                                .get(count - 1)
                                .all(LinkFrame.Actual.class)
                                .isEmpty());
    }

    @Test
    public void helloIsFirstThenWhatTheNodeRuns() throws Exception {
        peer.results.add(result(3, "hello"));
        link.open();

        Await.until(
                "three frames",
                SOON,
                () -> !seed.peers.isEmpty() && seed.last().frames.size() >= 3);

        assertEquals(List.of(peer.hello(), peer.actual(), result(3, "hello")), seed.last().frames);
        assertTrue(link.isConnected());
    }

    @Test
    public void whatIsDesiredArrivesAndEventsAndResultsGoOut() throws Exception {
        link.open();
        awaitHellos(1);
        LinkFrame.Desired desired = new LinkFrame.Desired("f", 4, 0, Map.of("hello", "d"), "");

        seed.last().say(desired);
        Await.until("desired", SOON, () -> peer.heard.equals(List.of(desired)));
        link.event(event(1));
        link.result(result(4, "hello"));

        Await.until(
                "result", SOON, () -> seed.last().all(LinkFrame.Result.class).equals(List.of(result(4, "hello"))));
        assertEquals(List.of(event(1)), seed.last().all(LinkFrame.Event.class));
    }

    @Test
    public void anUpgradeThatIsAskedForArrives() throws Exception {
        link.open();
        awaitHellos(1);
        LinkFrame.Upgrade upgrade = new LinkFrame.Upgrade("u", true, "");

        seed.last().say(upgrade);

        Await.until("upgrade", SOON, () -> peer.upgrades.equals(List.of(upgrade)));
    }

    @Test
    public void aFrameInManyPiecesIsOne() throws Exception {
        link.open();
        awaitHellos(1);
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 5000; i++) {
            many.put("unit-" + i, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        }

        seed.last().say(new LinkFrame.Desired("f", 5, 0, many, ""));

        Await.until(
                "a large desire", SOON, () -> peer.heard.equals(List.of(new LinkFrame.Desired("f", 5, 0, many, ""))));
    }

    @Test
    public void whatTheNodeDoesNotUnderstandIsPassedOver() throws Exception {
        link.open();
        awaitHellos(1);

        seed.last().sayRaw("{\"type\": \"dance\", \"steps\": 3}");
        seed.last()
                .sayRaw(
                        "{\"type\": \"desired\", \"fleet\": \"f\", \"sequence\": 9, \"time\": 0, \"units\": {}, \"seal\": \"\", "
                                + "\"mood\": \"good\"}");

        Await.until(
                "the frame after it",
                SOON,
                () -> peer.heard.equals(List.of(new LinkFrame.Desired("f", 9, 0, Map.of(), ""))));
        assertEquals("on one connection", 1, seed.peers.size());
    }

    @Test
    public void aCutLinkComesBackAndSaysAgainWhatCounts() throws Exception {
        link.open();
        awaitHellos(1);
        peer.results.add(result(3, "hello"));

        seed.last().cut();

        awaitHellos(2);
        Await.until(
                "results again",
                SOON,
                () -> seed.last().all(LinkFrame.Result.class).equals(List.of(result(3, "hello"))));
        assertEquals(peer.hello(), seed.last().frames.get(0));
    }

    @Test
    public void aSeedThatComesBackIsFound() throws Exception {
        int port = seed.port();
        link.open();
        awaitHellos(1);
        seed.close();
        Await.until("the loss is seen", SOON, () -> !link.isConnected());
        link.result(result(8, "while-away"));

        seed = new WebSocketSeed(port);

        awaitHellos(1);
        Await.until(
                "what was said meanwhile",
                SOON,
                () -> seed.last().all(LinkFrame.Result.class).contains(result(8, "while-away")));
    }

    @Test
    public void aDesireThatCannotBeTakenIsHeardAgain() throws Exception {
        peer.failures.set(1);
        link.open();
        awaitHellos(1);

        seed.last().say(new LinkFrame.Desired("f", 4, 0, Map.of(), ""));
        awaitHellos(2);
        seed.last().say(new LinkFrame.Desired("f", 4, 0, Map.of(), ""));

        Await.until("twice", SOON, () -> peer.heard.size() == 2);
        assertEquals(2, seed.peers.size());
    }

    @Test
    public void aTokenIsReadAnewAtEachAttempt() throws Exception {
        Files.writeString(token, "wrong");
        link.open();
        Files.writeString(token, WebSocketSeed.TOKEN);

        awaitHellos(1);
    }

    @Test
    public void farewellIsSaid() throws Exception {
        link.open();
        awaitHellos(1);

        link.close();

        Await.until("farewell", SOON, () -> seed.last().closed.equals("1000 stopping"));
    }

    @Test
    public void aLinkThatWasNeverOpenedCloses() {
        link.close();

        assertTrue(seed.peers.isEmpty());
    }

    @Test
    public void aNewHelloIsSaidWhenAskedFor() throws Exception {
        link.open();
        awaitHellos(1);

        link.renew();

        awaitHellos(2);
        assertEquals("1000 renewing", seed.peers.get(0).closed);
    }

    /** A Seed whose machine is gone: it takes the connection, shakes hands, and is not heard of again. */
    @Test
    public void silenceEndsAConnection() throws Exception {
        Timing impatient = new Timing(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                Duration.ofMillis(5),
                Duration.ofMillis(50),
                Duration.ofMillis(50));
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Link alone =
                        new Link(client, new SeedAddress("localhost:" + mute.getLocalPort(), token), peer, impatient)) {
            Thread.ofVirtual().start(() -> shakeHandsAndNoMore(mute, connections));

            alone.open();

            Await.until("a second connection", SOON, () -> connections.get() >= 2);
        }
    }

    private static void shakeHandsAndNoMore(ServerSocket mute, AtomicInteger connections) {
        List<Socket> open = new CopyOnWriteArrayList<>();
        try {
            while (true) {
                Socket socket = mute.accept();
                open.add(socket);
                InputStream in = socket.getInputStream();
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) in.read());
                }
                String key = head.toString().replaceAll("(?is).*Sec-WebSocket-Key: *(\\S+).*", "$1");
                byte[] accept = MessageDigest.getInstance("SHA-1")
                        .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream()
                        .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                        + "Sec-WebSocket-Accept: "
                                        + Base64.getEncoder().encodeToString(accept) + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                connections.incrementAndGet();
            }
        } catch (IOException | GeneralSecurityException e) {
            open.forEach(socket -> {
                try {
                    socket.close();
                } catch (IOException ignored) {
                    // The test is over.
                }
            });
        }
    }
}
