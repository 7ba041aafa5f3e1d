package com.espra.protoplex.http.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.RawHttp2;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.limits.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.util.IO;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** Who sends on and on what costs more than it asks for is disconnected, and whoever asks something meanwhile is answered. */
@RunWith(Parameterized.class)
public class FloodTest {

    private static final int PARTS_AT_ONCE = 500;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);
    private static final byte[] LAST = "the last".getBytes(ISO_8859_1);
    private static final byte[] NO_UPDATE = new byte[4];
    private static final byte[] SMALL_UPDATE = {0, 0, 0, 1};
    private static final byte[] LARGEST_UPDATE = {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};

    /** A body is bounded by its bytes; what brings none of it is bounded by the time that it may take. */
    @Rule
    public final TestGroup group = new TestGroup(
            new Limits(16384, 1 << 20, 1000, Duration.ofSeconds(30), 1024, Duration.ofSeconds(1), 0, false));

    private final boolean legal;
    private final byte[] begin;
    private final IntFunction<byte[]> part;

    /**
     * @param legal whether an ordinary HTTP/2 client may send a few of it
     * @param begin what is sent first
     * @param part what is sent on and on
     */
    public FloodTest(String name, boolean legal, byte[] begin, IntFunction<byte[]> part) {
        this.legal = legal;
        this.begin = begin;
        this.part = part;
    }

    @Parameters(name = "{0}")
    public static List<Object[]> floods() {
        return List.of(
                http2("SETTINGS", i -> RawHttp2.bytes(FrameType.SETTINGS, 0, 0)),
                illegal(
                        "SETTINGS with too many settings",
                        i -> RawHttp2.bytes(FrameType.SETTINGS, 0, 0, settings(100))),
                http2("acknowledged SETTINGS", i -> RawHttp2.bytes(FrameType.SETTINGS, 1, 0)),
                http2("PING", i -> RawHttp2.bytes(FrameType.PING, 0, 0, new byte[8])),
                http2("acknowledged PING", i -> RawHttp2.bytes(FrameType.PING, 1, 0, new byte[8])),
                http2("PRIORITY", i -> RawHttp2.bytes(FrameType.PRIORITY, 0, 1 + 2 * i, new byte[] {0, 0, 0, 0, 1})),
                http2(
                        "WINDOW_UPDATE of the connection",
                        i -> RawHttp2.bytes(FrameType.WINDOW_UPDATE, 0, 0, SMALL_UPDATE)),
                posting("WINDOW_UPDATE of a stream", i -> RawHttp2.bytes(FrameType.WINDOW_UPDATE, 0, 1, SMALL_UPDATE)),
                http2("unknown frames", i -> unknown(RawHttp2.bytes(FrameType.PING, 0, 0, new byte[8]))),
                http2("empty unknown frames", i -> unknown(RawHttp2.bytes(FrameType.PING, 0, 0))),
                posting("empty DATA", i -> RawHttp2.bytes(FrameType.DATA, 0, 1)),
                posting("DATA that is all padding", i -> RawHttp2.bytes(FrameType.DATA, 8, 1, new byte[] {3, 0, 0, 0})),
                posting("small DATA", i -> RawHttp2.bytes(FrameType.DATA, 0, 1, (byte) 1)),
                http2(
                        "streams that are reset at once",
                        i -> together(
                                get(1 + 2 * i, RawHttp2.END_HEADERS | RawHttp2.END_STREAM),
                                RawHttp2.bytes(FrameType.RST_STREAM, 0, 1 + 2 * i, new byte[] {0, 0, 0, 8}))),
                illegal(
                        "streams that we are made to reset, by a window that overflows",
                        i -> together(
                                get(1 + 2 * i, RawHttp2.END_HEADERS),
                                RawHttp2.bytes(FrameType.WINDOW_UPDATE, 0, 1 + 2 * i, LARGEST_UPDATE))),
                illegal(
                        "streams that we are made to reset, by an update of nothing",
                        i -> together(
                                get(1 + 2 * i, RawHttp2.END_HEADERS),
                                RawHttp2.bytes(FrameType.WINDOW_UPDATE, 0, 1 + 2 * i, NO_UPDATE))),
                posting("RST_STREAM", i -> RawHttp2.bytes(FrameType.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8})),
                illegal(
                        "heads that depend on themselves",
                        i -> RawHttp2.bytes(
                                FrameType.HEADERS,
                                0x20 | RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                                1 + 2 * i,
                                ofPriority(i))),
                block("CONTINUATION", i -> RawHttp2.bytes(FrameType.CONTINUATION, 0, 1, RawHttp2.block("a", "b"))),
                block("empty CONTINUATION", i -> RawHttp2.bytes(FrameType.CONTINUATION, 0, 1)),
                block(
                        "fields that refer to the table",
                        i -> RawHttp2.bytes(
                                FrameType.CONTINUATION,
                                0,
                                1,
                                "\u0082".repeat(1000).getBytes(ISO_8859_1))),
                illegal("PUSH_PROMISE", i -> RawHttp2.bytes(FrameType.PUSH_PROMISE, 4, 1, new byte[] {0, 0, 0, 2})),
                http1("an endless method", "", "GETGETGET"),
                http1("an endless target", "GET /", "aaaaaaaaa"),
                http1("an endless version", "GET / HTTP/1.", "1111111"),
                http1("empty lines before a request", "", "\r\n"),
                http1("fields without an end", "GET / HTTP/1.1\r\nHost: a\r\n", "a: b\r\n"),
                http1("an endless name of a field", "GET / HTTP/1.1\r\nHost: a\r\n", "aaaaaaaaa"),
                http1("an endless value of a field", "GET / HTTP/1.1\r\nHost: a\r\nA: ", "aaaaaaaaa"),
                http1("white space in a field", "GET / HTTP/1.1\r\nHost: a\r\nA:", "         "),
                http1("an endless length of a chunk", CHUNKED, "00000000"),
                http1("an endless extension of a chunk", CHUNKED + "1;", "a=b;a=b;"),
                http1("chunks of one byte", CHUNKED, "1\r\nx\r\n"),
                http1("chunks that are mostly extension", CHUNKED, "1;" + "a".repeat(2000) + "\r\nx\r\n"),
                http1("trailers without an end", CHUNKED + "0\r\n", "a: b\r\n"));
    }

    private static final String CHUNKED = "POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static Object[] http1(String name, String begin, String part) {
        return new Object[] {"HTTP/1.1: " + name, false, begin.getBytes(ISO_8859_1), always(part.getBytes(ISO_8859_1))};
    }

    private static IntFunction<byte[]> always(byte[] part) {
        return i -> part;
    }

    private static Object[] http2(String name, IntFunction<byte[]> frames) {
        return new Object[] {"HTTP/2: " + name, true, RawHttp2.BEGIN, frames};
    }

    private static Object[] illegal(String name, IntFunction<byte[]> frames) {
        Object[] flood = http2(name, frames);
        flood[1] = false;
        return flood;
    }

    private static Object[] posting(String name, IntFunction<byte[]> frames) {
        Object[] flood = http2(name, frames);
        flood[2] = together(
                (byte[]) flood[2], RawHttp2.bytes(FrameType.HEADERS, RawHttp2.END_HEADERS, 1, head("POST", "/never")));
        return flood;
    }

    private static Object[] block(String name, IntFunction<byte[]> frames) {
        Object[] flood = illegal(name, frames);
        flood[2] = together((byte[]) flood[2], get(1, RawHttp2.END_STREAM));
        return flood;
    }

    private static byte[] get(int stream, int flags) {
        return RawHttp2.bytes(FrameType.HEADERS, flags, stream, head("GET", "/here"));
    }

    private static byte[] head(String method, String path) {
        return RawHttp2.block(":method", method, ":scheme", "http", ":authority", "localhost", ":path", path);
    }

    /** RFC 9113, section 5.3.1: a stream cannot depend on itself. */
    private static byte[] ofPriority(int i) {
        int stream = 1 + 2 * i;
        byte[] priority = {(byte) (stream >> 24), (byte) (stream >> 16), (byte) (stream >> 8), (byte) stream, 1};
        return together(priority, head("GET", "/here"));
    }

    private static byte[] settings(int count) {
        byte[] settings = new byte[6 * count];
        for (int i = 0; i < count; i++) {
            settings[6 * i] = (byte) 0xf0;
            settings[6 * i + 1] = (byte) i;
        }
        return settings;
    }

    /** RFC 9113, section 5.5: unknown types are ignored, so that each costs nothing but the reading. */
    private static byte[] unknown(byte[] frame) {
        frame[3] = (byte) 0xfa;
        return frame;
    }

    private static byte[] together(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] one : parts) {
            all.writeBytes(one);
        }
        return all.toByteArray();
    }

    @Before
    public void serve() throws Exception {
        group.live("here", "1", Handlers.text("here"), "/here");
        group.live("length", "1", Handlers.length(), "/length");
        group.live("never", "1", Handlers.of((request, response, callback) -> {}), "/never");
    }

    /** Else it would be cut for another reason than that it is a flood. */
    private void assertThatAFewAreTaken() throws Exception {
        try (RawHttp2 client = new RawHttp2(group.port())) {
            client.write(Arrays.copyOfRange(begin, RawHttp2.BEGIN.length, begin.length));
            for (int i = 0; i < 20; i++) {
                client.write(part.apply(i));
            }
            client.frame(FrameType.PING, 0, 0, LAST);
            RawHttp2.Frame frame = client.read();
            while (frame.type() != FrameType.GO_AWAY
                    && !(frame.type() == FrameType.PING && Arrays.equals(LAST, frame.payload()))) {
                frame = client.read();
            }
            assertEquals(FrameType.PING, frame.type());
        }
    }

    @Test
    public void isCutAndOthersAreServed() throws Exception {
        if (legal) {
            assertThatAFewAreTaken();
        }
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger cut = new AtomicInteger();
        List<Socket> sockets = new ArrayList<>();
        List<Thread> floods = new ArrayList<>();
        long longest = 0;
        try {
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), group.port());
                sockets.add(socket);
                floods.add(Thread.ofPlatform().start(() -> flood(socket, over, cut)));
            }
            long end = System.nanoTime() + DEADLINE.toNanos();
            do {
                long from = System.nanoTime();
                try (RawClient client = new RawClient(group.port())) {
                    assertEquals("here", client.get("/here").body());
                }
                longest = Math.max(longest, System.nanoTime() - from);
            } while (floods.stream().anyMatch(Thread::isAlive) && System.nanoTime() - end < 0);
        } finally {
            over.set(true);
            sockets.forEach(IO::close);
            for (Thread flood : floods) {
                flood.join();
            }
        }
        assertEquals("all are cut", floods.size(), cut.get());
        long millis = TimeUnit.NANOSECONDS.toMillis(longest);
        assertTrue("others waited for " + millis + " ms", millis < LONGEST_WAIT.toMillis());
    }

    /** Sends until it cannot, or all is over. It reads nothing: whoever floods does not. */
    private void flood(Socket socket, AtomicBoolean over, AtomicInteger cut) {
        try {
            socket.getOutputStream().write(begin);
            for (int sent = 0; !over.get(); sent += PARTS_AT_ONCE) {
                ByteArrayOutputStream many = new ByteArrayOutputStream();
                for (int i = 0; i < PARTS_AT_ONCE; i++) {
                    many.writeBytes(part.apply(sent + i));
                }
                socket.getOutputStream().write(many.toByteArray());
            }
        } catch (IOException disconnected) {
            if (!over.get()) {
                cut.incrementAndGet();
            }
        }
    }
}
