package com.espra.protoplex.http.listen;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.TestGroup;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.Rule;
import org.junit.Test;

/** What an HTTP/2 client began before it heard that the connection ends is served (RFC 9113, section 6.8). */
public class GoAwayTest {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;

    private static final int PING = 6;
    private static final int ACK = 0x1;
    private static final int END_STREAM_AND_HEADERS = 0x5;

    /** GET / of the host a, by the static table of HPACK. */
    private static final byte[] GET = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'};

    @Rule
    public final TestGroup group = new TestGroup();

    private record Frame(int type, int flags, int stream, byte[] payload) {}

    @Test
    public void aStreamThatCrossesTheGoAwayIsServed() throws Exception {
        group.live("app", "1", Handlers.text("hello"), "/");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), group.port())) {
            socket.setSoTimeout(30_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = open(socket, out);

            Thread closing = Thread.ofVirtual().start(() -> group.listener().close(Duration.ofSeconds(20)));
            assertEquals("any stream may follow", Integer.MAX_VALUE, lastStream(next(in, GOAWAY)));
            send(out, new Frame(HEADERS, END_STREAM_AND_HEADERS, 1, GET));
            send(out, new Frame(PING, ACK, 0, next(in, PING).payload()));

            Frame response = next(in, DATA);
            assertEquals(1, response.stream());
            assertEquals("hello", new String(response.payload(), StandardCharsets.US_ASCII));
            Frame last = next(in, GOAWAY);
            while (lastStream(last) == Integer.MAX_VALUE) {
                last = next(in, GOAWAY);
            }
            assertEquals("that was the last stream", 1, lastStream(last));
            closing.join();
        }
    }

    @Test
    public void aClientThatIsLateToHearIsWaitedFor() throws Exception {
        group.live("app", "1", Handlers.text("hello"), "/");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), group.port())) {
            socket.setSoTimeout(30_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = open(socket, out);

            CompletableFuture<Void> left = group.listener().connector().leave();
            assertThrows("it has not heard yet", TimeoutException.class, () -> left.get(1, TimeUnit.SECONDS));
            send(out, new Frame(HEADERS, END_STREAM_AND_HEADERS, 1, GET));
            Frame ping = next(in, PING);
            assertEquals("hello", new String(next(in, DATA).payload(), StandardCharsets.US_ASCII));
            send(out, new Frame(PING, ACK, 0, ping.payload()));
            left.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    public void aNodeThatDrainsAsksAndServesWhatIsOnItsWay() throws Exception {
        group.live("app", "1", Handlers.text("hello"), "/");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), group.port())) {
            socket.setSoTimeout(30_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = open(socket, out);

            group.group().standing(new NodeStanding(Entrance.CLOSING, List.of()));
            assertEquals("any stream may follow", Integer.MAX_VALUE, lastStream(next(in, GOAWAY)));
            send(out, new Frame(HEADERS, END_STREAM_AND_HEADERS, 1, GET));
            Frame response = next(in, DATA);
            assertEquals("hello", new String(response.payload(), StandardCharsets.US_ASCII));
        }
    }

    private static int lastStream(Frame goAway) {
        return ByteBuffer.wrap(goAway.payload()).getInt();
    }

    private static DataInputStream open(Socket socket, DataOutputStream out) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        out.write(Handlers.ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        send(out, new Frame(SETTINGS, 0, 0, new byte[0]));
        next(in, SETTINGS);
        send(out, new Frame(SETTINGS, ACK, 0, new byte[0]));
        return in;
    }

    private static void send(DataOutputStream out, Frame frame) throws IOException {
        out.writeShort(frame.payload().length >> 8);
        out.writeByte(frame.payload().length);
        out.writeByte(frame.type());
        out.writeByte(frame.flags());
        out.writeInt(frame.stream());
        out.write(frame.payload());
        out.flush();
    }

    /** Skips frames of other types. */
    private static Frame next(DataInputStream in, int type) throws IOException {
        while (true) {
            int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
            int read = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(length);
            if (read == type) {
                return new Frame(read, flags, stream, payload);
            }
        }
    }
}
