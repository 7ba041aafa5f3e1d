package com.espra.protoplex.host.process.control;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.host.process.control.ControlFrame.Beat;
import com.espra.protoplex.host.process.control.ControlFrame.Call;
import com.espra.protoplex.host.process.control.ControlFrame.Drain;
import com.espra.protoplex.host.process.control.ControlFrame.Hello;
import com.espra.protoplex.host.process.control.ControlFrame.Leaving;
import com.espra.protoplex.host.process.control.ControlFrame.Prepared;
import com.espra.protoplex.host.process.control.ControlFrame.Reply;
import com.espra.protoplex.host.process.control.ControlFrame.Serve;
import com.espra.protoplex.host.process.control.ControlFrame.Serving;
import com.espra.protoplex.host.process.control.ControlFrame.Tell;
import com.espra.protoplex.host.process.control.ControlFrame.Unwell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ControlTest {

    private static final int WAIT_SECONDS = 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Keeps what comes; the end is a text. */
    private static final class Inbox implements ControlChannel.Receiver {
        final BlockingQueue<Object> all = new LinkedBlockingQueue<>();

        @Override
        public void received(ControlChannel from, ControlFrame frame) {
            all.add(frame);
        }

        @Override
        public void ended(ControlChannel channel, String reason) {
            all.add(reason);
        }

        Object next() throws InterruptedException {
            Object next = all.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            return next == null ? "nothing came" : next;
        }
    }

    @Test
    public void everyFrameArrivesAsItWasSent() throws IOException {
        Map<String, Object> body = Map.of("a", List.of(1L, 2.5, true, "ü"), "b", Map.of());
        for (ControlFrame frame : List.of(
                new Hello(1, "secret"),
                new Prepared(),
                new Serve(),
                new Serving(),
                new Beat(),
                new Unwell("deadlock"),
                new Drain(30_000),
                new Leaving(),
                new Call(7, "swap", body),
                new Reply(7, false, body),
                new Tell("state", body))) {
            assertEquals(
                    Optional.of(frame), read(ControlFrameCodec.encode(frame).array()));
        }
    }

    @Test
    public void whatIsNoFrameIsRefused() {
        assertRefused(new byte[] {0, 0}, "within a frame");
        assertRefused(new byte[] {0, 0, 0, 9, '{'}, "within a frame");
        assertRefused(new byte[] {0, 0, 0, 1, '{'}, "a frame of 1 bytes");
        assertRefused(new byte[] {-1, -1, -1, -1}, "a frame of 4294967295 bytes");
        assertRefused(framed("[]"), "expected an object");
        assertRefused(framed("{\"type\":\"dance\"}"), "no frame of the type 'dance'");
        assertRefused(framed("{}"), "'type' must be a text");
        assertRefused(framed("{\"type\":\"drain\",\"withinMillis\":\"soon\"}"), "'withinMillis' must be a number");
        assertRefused(framed("{\"type\":\"tell\",\"topic\":\"x\"}"), "'body' must be an object");
        assertRefused(framed("{\"type\":\"beat\"} x"), "");
    }

    @Test
    public void aFrameThatIsTooLongIsNotSent() {
        ControlFrame frame = new Unwell("x".repeat(ControlFrameCodec.MAX_BYTES));

        assertThrows(IOException.class, () -> ControlFrameCodec.encode(frame));
    }

    @Test
    public void theEndOfOneSideIsNoticedByTheOther() throws Exception {
        Inbox parent = new Inbox();
        try (Pair pair = connect(parent, new Inbox())) {
            assertTrue(pair.child.send(new Beat()));
            assertEquals(new Beat(), parent.next());

            pair.child.close();

            assertEquals("it has closed the connection", parent.next());
            assertFalse(pair.parent.send(new Serve()));
        }
    }

    @Test
    public void aPeerThatDoesNotReadIsGivenUpRatherThanWaitedFor() throws Exception {
        Inbox parent = new Inbox();
        try (ControlSocket socket = new ControlSocket(folder.getRoot().toPath(), (channel, _) -> {
                    ControlChannel control = new ControlChannel("deaf", channel, parent);
                    control.open();
                    parent.all.add(control);
                });
                SocketChannel deaf = stranger(socket)) {
            deaf.write(ControlFrameCodec.encode(new Hello(ControlFrame.PROTOCOL, "x")));
            ControlChannel control = (ControlChannel) parent.next();
            ControlFrame large = new Tell("x", Map.of("text", "x".repeat(100_000)));
            int sent = 0;
            while (control.send(large)) {
                sent++;
                assertTrue("it never ends", sent < 10_000);
            }
            assertTrue(parent.next().toString().startsWith("it has not read"));
        }
    }

    @Test
    public void callsAreAnsweredRefusedOrEndedWithTheChannel() throws Exception {
        Calls calls = new Calls();
        Inbox parent = new Inbox();
        Inbox child = new Inbox();
        try (Pair pair = connect(parent, child)) {
            var answered = calls.call(pair.parent, "a", Map.of(), Duration.ofSeconds(WAIT_SECONDS));
            var refused = calls.call(pair.parent, "b", Map.of(), Duration.ofSeconds(WAIT_SECONDS));
            var late = calls.call(pair.parent, "c", Map.of(), Duration.ofMillis(1));
            var lost = calls.call(pair.parent, "d", Map.of(), Duration.ofSeconds(WAIT_SECONDS));
            calls.answered(new Reply(((Call) child.next()).id(), true, Map.of("n", 1L)));
            calls.answered(new Reply(((Call) child.next()).id(), false, Map.of("reason", "no")));
            calls.answered(new Reply(4711, true, Map.of()));

            assertEquals(Map.of("n", 1L), answered.get());
            assertEquals("no", failure(refused));
            assertTrue(assertThrows(ExecutionException.class, late::get).getCause() instanceof TimeoutException);
            calls.ended("it is gone");
            assertEquals("it is gone", failure(lost));
            assertEquals(0, calls.waiting());
            pair.parent.close();
            assertEquals("child is gone", failure(calls.call(pair.parent, "e", Map.of(), Duration.ofSeconds(1))));
        }
    }

    @Test
    public void strangersAreTurnedAway() throws Exception {
        try (ControlSocket socket = new ControlSocket(folder.getRoot().toPath(), (_, hello) -> {
            throw new IOException(hello.token() + " is unknown");
        })) {
            assertTurnedAway(socket, ControlFrameCodec.encode(new Hello(ControlFrame.PROTOCOL, "guess")));
            assertTurnedAway(socket, ControlFrameCodec.encode(new Hello(99, "guess")));
            assertTurnedAway(socket, ControlFrameCodec.encode(new Beat()));
            assertTurnedAway(socket, ByteBuffer.wrap(new byte[] {-1, 0, 0, 0}));
        }
    }

    @Test
    public void theSocketIsTheUsersAloneAndItsPathIsShortEnough() throws Exception {
        Path deep = folder.getRoot().toPath().resolve("a-folder-with-a-long-name/".repeat(6));
        for (Path beside : List.of(folder.getRoot().toPath(), deep)) {
            ControlSocket socket = new ControlSocket(beside, (channel, _) -> channel.close());
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(socket.path().getParent())));
            socket.close();
            assertFalse("it leaves nothing", Files.exists(socket.path().getParent()));
        }
    }

    private static void assertTurnedAway(ControlSocket socket, ByteBuffer bytes) throws IOException {
        try (SocketChannel stranger = stranger(socket)) {
            stranger.write(bytes);
            assertEquals(-1, stranger.read(ByteBuffer.allocate(1)));
        }
    }

    private static SocketChannel stranger(ControlSocket socket) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket.path()));
    }

    private static String failure(Future<?> call) {
        return assertThrows(ExecutionException.class, call::get).getCause().getMessage();
    }

    private static void assertRefused(byte[] bytes, String why) {
        String message = assertThrows(IOException.class, () -> read(bytes)).getMessage();
        assertTrue(message, message.contains(why));
    }

    private static byte[] framed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static Optional<ControlFrame> read(byte[] bytes) throws IOException {
        return ControlFrameCodec.read(Channels.newChannel(new ByteArrayInputStream(bytes)));
    }

    private record Pair(ControlSocket socket, ControlChannel parent, ControlChannel child) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            child.close();
            parent.close();
            socket.close();
        }
    }

    private Pair connect(Inbox parent, Inbox child) throws Exception {
        BlockingQueue<ControlChannel> welcomed = new LinkedBlockingQueue<>();
        ControlSocket socket = new ControlSocket(folder.getRoot().toPath(), (channel, hello) -> {
            assertEquals("secret", hello.token());
            ControlChannel control = new ControlChannel("child", channel, parent);
            control.open();
            welcomed.add(control);
        });
        ControlChannel its = new ParentLink(socket.path(), "secret").connect(child);
        its.open();
        ControlChannel ours = welcomed.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (ours == null) {
            throw new AssertionError("the child was not welcomed");
        }
        return new Pair(socket, ours, its);
    }
}
