package com.espra.protoplex.http.connector;

import static com.espra.protoplex.http.Until.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.RawHttp2;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.hc.api.Result;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.IO;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What HTTP/2 clients may make a process hold and do, over real sockets. */
public class UnreadBodiesTest {

    private static final int MOST = 256 << 10;
    private static final int CHUNK = 8192;

    private final UnreadBodies unread = new UnreadBodies(MOST, Duration.ZERO);
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<RawHttp2> clients = new ArrayList<>();
    private Server server;
    private int port;

    @Before
    public void start() throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        server = new Server();
        LosslessConnector connector = new LosslessConnector(
                server,
                new HeadMemory(() -> false),
                false,
                new HttpConnectionFactory(http),
                unread.bound(new CleartextHttp2(http, new MalformedRequests())));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(Handlers.of((request, response, callback) -> {
            switch (request.getHttpURI().getPath()) {
                case "/large" -> response.write(true, ByteBuffer.allocate(8 << 20), callback);
                case "/never" -> waiting.incrementAndGet();
                default -> Handlers.text("here", response, callback);
            }
        }));
        server.start();
        port = connector.getLocalPort();
    }

    @After
    public void stop() throws Exception {
        clients.forEach(IO::close);
        server.stop();
    }

    private RawHttp2 client() throws Exception {
        RawHttp2 client = new RawHttp2(port);
        clients.add(client);
        return client;
    }

    private static String[] head(String method, String path) {
        return new String[] {":method", method, ":scheme", "http", ":authority", "localhost", ":path", path};
    }

    /** Connections whose handlers read nothing: together they hold what one process can bear, and nothing when they are gone. */
    @Test
    public void whatIsUnreadIsBoundedOverAllConnections() throws Exception {
        int connections = 16;
        for (int i = 0; i < connections; i++) {
            RawHttp2 client = client();
            client.headers(1, false, head("POST", "/never"));
        }
        until("all handlers have begun", () -> waiting.get() == connections);
        for (int sent = 0; sent + CHUNK < 65535; sent += CHUNK) {
            for (RawHttp2 client : clients) {
                try {
                    client.frame(FrameType.DATA, 0, 1, new byte[CHUNK]);
                } catch (SocketException disconnected) {
                    // As it should be for some.
                }
            }
        }

        until("some are disconnected", () -> clients.stream().anyMatch(UnreadBodiesTest::isClosed));
        // What was sent already is read once more before a connection is gone.
        until("no more is held than allowed, and a frame of each", () -> unread.bytes() <= MOST + connections * CHUNK);
        try (RawClient other = new RawClient(port)) {
            assertEquals("here", other.get("/").body());
        }

        clients.forEach(IO::close);
        until("nothing is unread any more", () -> unread.bytes() == 0);
        assertTrue("they are counted", unread.cut() > 0);
    }

    /** So many connections may fill their windows before one is cut; RFC 9113 has a least for a connection. */
    @Test
    public void windowsAreSizedByTheBound() {
        int least = 65535;
        assertWindows(1 << 20, least, least);
        assertWindows(128L * least, least, least);
        assertWindows(128L * 200_000, 200_000, 100_000);
        assertWindows(128L << 20, 1 << 20, 1 << 19);
        assertWindows(1L << 40, 1 << 20, 1 << 19);
    }

    private static void assertWindows(long most, int connection, int stream) {
        CleartextHttp2 bound = new UnreadBodies(most, Duration.ZERO)
                .bound(new CleartextHttp2(new HttpConfiguration(), new MalformedRequests()));
        assertEquals("connection, of " + most, connection, bound.getInitialSessionRecvWindow());
        assertEquals("stream, of " + most, stream, bound.getInitialStreamRecvWindow());
    }

    /** The window is what a client is told, and more is refused. */
    @Test
    public void nobodyMaySendMoreThanTheWindow() throws Exception {
        RawHttp2 client = client();
        client.headers(1, false, head("POST", "/never"));
        for (int sent = 0; sent <= 65535; sent += CHUNK) {
            client.frame(FrameType.DATA, 0, 1, new byte[CHUNK]);
        }
        String outcome = client.outcome(1);
        assertTrue(outcome, outcome.equals("closed 3") || outcome.equals("reset 3"));
    }

    @Test
    public void thatNobodyReadsIsSeen() throws Exception {
        assertEquals(Result.Status.OK, unread.execute().getStatus());
        unread.add(MOST + 1);
        until("it is seen", () -> unread.execute().getStatus() == Result.Status.WARN);
        unread.add(-1);
        assertEquals(Result.Status.OK, unread.execute().getStatus());
    }

    /** The parser has a buffer for as much as a frame announces, whatever has come of it. */
    @Test
    public void headerBlocksThatDoNotEndAreBoundedOverAllConnections() throws Exception {
        RawHttp2 early = client();
        byte[] head = RawHttp2.block(head("GET", "/"));
        early.frame(FrameType.HEADERS, RawHttp2.END_STREAM, 1, head);
        until("its block is held", () -> unread.bytes() == head.length);

        for (int i = 0; i < 40; i++) {
            try {
                if (i % 2 == 0) {
                    byte[] whole = RawHttp2.bytes(FrameType.HEADERS, 0, 1, new byte[16000]);
                    client().write(Arrays.copyOf(whole, 20));
                } else {
                    client().frame(FrameType.HEADERS, 0, 1, Arrays.copyOf(head, 8000));
                }
            } catch (SocketException disconnected) {
                // As it should be for some.
            }
        }
        until("some are disconnected", () -> unread.cut() > 5);
        until("the rest is bounded", () -> unread.bytes() <= 2 * MOST);

        early.frame(FrameType.CONTINUATION, RawHttp2.END_HEADERS, 1);
        assertEquals("whoever has little goes on", "200", early.outcome(1));
        clients.forEach(IO::close);
        until("nothing is held any more", () -> unread.bytes() == 0);
    }

    @Test
    public void aRequestThatIsCompleteHoldsNothing() throws Exception {
        RawHttp2 client = client();
        for (int stream = 1; stream < 9; stream += 2) {
            client.headers(stream, true, head("GET", "/"));
            assertEquals("200", client.outcome(stream));
            assertEquals(0, unread.bytes());
        }
    }

    private static boolean isClosed(RawHttp2 client) {
        try {
            return client.outcome(1).equals("closed 11");
        } catch (java.io.IOException silent) {
            return false;
        }
    }

    @Test
    public void aFloodOfWindowUpdatesIsCut() throws Exception {
        RawHttp2 client = client();
        byte[] update = RawHttp2.bytes(FrameType.WINDOW_UPDATE, 0, 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1);

        assertCut(client, update);
    }

    @Test
    public void aFloodOfSmallDataIsCut() throws Exception {
        RawHttp2 client = client();
        client.headers(1, false, head("POST", "/never"));

        assertCut(client, RawHttp2.bytes(FrameType.DATA, 0, 1, (byte) 1));
    }

    /** Those that Jetty has a rate for: they stay cut. */
    @Test
    public void floodsOfOtherFramesAreCut() throws Exception {
        assertCut(client(), RawHttp2.bytes(FrameType.PING, 0, 0, new byte[8]));
        assertCut(client(), RawHttp2.bytes(FrameType.SETTINGS, 0, 0));
        assertCut(client(), RawHttp2.bytes(FrameType.PRIORITY, 0, 3, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1));
        RawHttp2 empty = client();
        empty.headers(1, false, head("POST", "/never"));
        assertCut(empty, RawHttp2.bytes(FrameType.DATA, 0, 1));
    }

    private static void assertCut(RawHttp2 client, byte[] frame) throws Exception {
        byte[] many = new byte[frame.length * 1000];
        for (int i = 0; i < 1000; i++) {
            System.arraycopy(frame, 0, many, i * frame.length, frame.length);
        }
        try {
            for (int i = 0; i < 60; i++) {
                client.write(many);
            }
        } catch (SocketException disconnected) {
            return;
        }
        assertTrue(client.outcome(1).startsWith("closed"));
    }

    /** Go's client sends two for each four kilobytes that it has read. */
    @Test
    public void aClientThatReadsMaySendManyWindowUpdates() throws Exception {
        RawHttp2 client = client();
        client.headers(1, true, head("GET", "/large"));
        byte[] connection = RawHttp2.bytes(FrameType.WINDOW_UPDATE, 0, 0, (byte) 0, (byte) 0, (byte) 16, (byte) 0);
        byte[] stream = RawHttp2.bytes(FrameType.WINDOW_UPDATE, 0, 1, (byte) 0, (byte) 0, (byte) 16, (byte) 0);
        long received = 0;
        long updated = 0;
        while (received < 8 << 20) {
            RawHttp2.Frame frame = client.read();
            assertTrue(frame.toString(), frame.type() != FrameType.GO_AWAY);
            received += frame.type() == FrameType.DATA ? frame.payload().length : 0;
            for (; updated + 4096 <= received; updated += 4096) {
                client.write(connection);
                client.write(stream);
            }
        }
    }
}
