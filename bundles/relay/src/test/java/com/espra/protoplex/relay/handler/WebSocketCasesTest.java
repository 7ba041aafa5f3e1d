package com.espra.protoplex.relay.handler;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.Rule;
import org.junit.Test;

/**
 * The cases that WebSocket implementations are tried with (the sections of the Autobahn suite): frames of every kind, sound or not, and how
 * they are cut into packets. A relay has no opinion of any: each byte of a client reaches the target and each of the target's the client, in
 * their order, and what ends one side ends the other.
 */
public class WebSocketCasesTest {

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FIN = 0x80;

    @Rule
    public final RelayRig rig = new RelayRig();

    private final Map<String, byte[]> cases = new LinkedHashMap<>();
    private final Random random = new Random(6455);

    /** A frame with a mask, as a client sends it (RFC 6455, section 5.2). */
    private byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        int length = payload.length;
        if (length < 126) {
            frame.write(0x80 | length);
        } else if (length < 65_536) {
            frame.writeBytes(new byte[] {(byte) 0xfe, (byte) (length >> 8), (byte) length});
        } else {
            frame.writeBytes(new byte[] {
                (byte) 0xff,
                0,
                0,
                0,
                0,
                (byte) (length >> 24),
                (byte) (length >> 16),
                (byte) (length >> 8),
                (byte) length
            });
        }
        byte[] mask = bytes(4);
        frame.writeBytes(mask);
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= mask[i % 4];
        }
        frame.writeBytes(masked);
        return frame.toByteArray();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] together(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private byte[] closing(int code, String reason) {
        return frame(FIN | CLOSE, together(new byte[] {(byte) (code >> 8), (byte) code}, utf8(reason)));
    }

    private void fill() {
        for (int length : new int[] {0, 1, 125, 126, 127, 128, 65_535, 65_536, 1 << 20}) {
            cases.put("1.1 text of " + length, frame(FIN | TEXT, utf8("*".repeat(length))));
            cases.put("1.2 binary of " + length, frame(FIN | BINARY, bytes(length)));
        }
        cases.put("2.1 ping without payload", frame(FIN | PING, new byte[0]));
        cases.put("2.4 ping of 125", frame(FIN | PING, bytes(125)));
        cases.put("2.5 ping of 126, which is too long", frame(FIN | PING, bytes(126)));
        cases.put("2.7 pong that nobody asked for", frame(FIN | PONG, utf8("unsolicited")));
        byte[][] pings = new byte[10][];
        Arrays.setAll(pings, i -> frame(FIN | PING, utf8("ping " + i)));
        cases.put("2.10 ten pings", together(pings));
        for (int reserved = 1; reserved < 8; reserved++) {
            cases.put("3." + reserved + " reserved bits", frame(FIN | reserved << 4 | TEXT, utf8("reserved")));
        }
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            cases.put("4 opcode " + opcode, frame(FIN | opcode, utf8("opcode")));
        }
        cases.put("5.1 ping in two fragments", together(frame(PING, utf8("a")), frame(FIN | CONTINUATION, utf8("b"))));
        cases.put("5.3 text in two fragments", together(frame(TEXT, utf8("a")), frame(FIN | CONTINUATION, utf8("b"))));
        cases.put(
                "5.6 a ping between fragments",
                together(frame(TEXT, utf8("a")), frame(FIN | PING, utf8("p")), frame(FIN | CONTINUATION, utf8("b"))));
        cases.put("5.9 a continuation of nothing", frame(FIN | CONTINUATION, utf8("nothing")));
        cases.put("5.18 two texts at once", together(frame(TEXT, utf8("a")), frame(FIN | TEXT, utf8("b"))));
        cases.put(
                "6.2 UTF-8 cut within a character",
                together(
                        frame(TEXT, new byte[] {(byte) 0xce, (byte) 0xba, (byte) 0xe1}),
                        frame(FIN | CONTINUATION, new byte[] {(byte) 0xbd, (byte) 0xb9})));
        cases.put(
                "6.3 what is no UTF-8",
                frame(FIN | TEXT, new byte[] {(byte) 0xce, (byte) 0xba, (byte) 0xed, (byte) 0xa0, (byte) 0x80, 0x65}));
        cases.put("6.6 overlong UTF-8", frame(FIN | TEXT, new byte[] {(byte) 0xc0, (byte) 0x80}));
        cases.put("7.1 close, and what comes after it", together(closing(1000, ""), frame(FIN | TEXT, utf8("after"))));
        cases.put("7.3 close without a code", frame(FIN | CLOSE, new byte[0]));
        cases.put("7.3.2 close with half a code", frame(FIN | CLOSE, new byte[] {3}));
        cases.put("7.3.6 close with too long a reason", closing(1000, "*".repeat(124)));
        for (int code : new int[] {0, 999, 1000, 1001, 1004, 1005, 1006, 1011, 1015, 2999, 3000, 4999, 5000, 65_535}) {
            cases.put("7.7 close with " + code, closing(code, "because"));
        }
        cases.put(
                "a length of 2^63 that no bytes follow",
                new byte[] {(byte) 0x82, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4});
        cases.put("no mask", new byte[] {(byte) 0x81, 2, 'h', 'i'});
    }

    /** Sends back what it gets, until the client ends. */
    private static void echo(Talk talk) throws IOException {
        talk.head();
        talk.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        talk.in().transferTo(talk.socket().getOutputStream());
    }

    private byte[] returned(byte[] sent, int packet) throws Exception {
        try (Talk client = new Talk(rig.port())) {
            client.get("/", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: k");
            assertTrue(client.head().startsWith("HTTP/1.1 101"));
            Thread sending = Thread.ofVirtual().start(() -> send(client, sent, packet));
            InputStream in = client.in();
            byte[] back = in.readNBytes(sent.length);
            sending.join();
            client.socket().shutdownOutput();
            assertEquals("the end of one side is that of the other", -1, in.read());
            return back;
        }
    }

    private static void send(Talk client, byte[] sent, int packet) {
        try {
            for (int at = 0; at < sent.length; at += packet) {
                client.socket().getOutputStream().write(sent, at, Math.min(packet, sent.length - at));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void tried() throws Exception {
        try (ScriptedTarget target = new ScriptedTarget(WebSocketCasesTest::echo)) {
            rig.relayAllTo(target.address());
            for (Map.Entry<String, byte[]> each : cases.entrySet()) {
                byte[] sent = each.getValue();
                // Whole, and in pieces that are cut within each head and mask.
                for (int packet : new int[] {sent.length, sent.length < 1000 ? 1 : 4093}) {
                    assertArrayEquals(each.getKey() + " in packets of " + packet, sent, returned(sent, packet));
                }
            }
        }
        assertTrue("only " + cases.size() + " cases", cases.size() > 65);
    }

    @Test
    public void theLoopCarriesEachFrameAsItIs() throws Exception {
        fill();
        rig.front();
        tried();
    }

    @Test
    public void jettysPathCarriesEachFrameAsItIs() throws Exception {
        fill();
        tried();
    }
}
