package com.espra.protoplex.http.channel;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelEvent;
import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.channel.ChannelRequest;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;
import org.junit.Rule;
import org.junit.Test;

/** Who does not read is cut, costs little until then, and knows where to go on. */
public class SlowClientsTest {

    private static final String UPGRADE =
            "GET /chat/a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    @Rule
    public final TestGroup group = new TestGroup();

    private final LinkedBlockingQueue<Channel> channels = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> closed = new LinkedBlockingQueue<>();

    private final ChannelReceiver receiver = new ChannelReceiver() {
        @Override
        public void opened(Channel channel) {
            channels.add(channel);
        }

        @Override
        public void closed(Channel channel, int code, String reason) {
            closed.add(code + " " + reason);
        }
    };

    private Channel open(RawClient client, String request) throws Exception {
        client.send(request);
        client.head();
        return channels.poll(10, TimeUnit.SECONDS);
    }

    private void live() throws Exception {
        Backend backend = group.dispatcher().open("chat", "1");
        backend.serve(List.of(new Endpoint(Set.of(Route.of("/chat/*")), backend.channels(receiver))));
        group.dispatcher().flip(backend);
    }

    /** As much as is in nobody's buffer, and never waits. */
    private static void flood(Channel channel) {
        String text = "x".repeat(Channel.MESSAGE_BYTES / 2);
        for (int i = 1; channel.send(new ChannelEvent(Integer.toString(i), text)); i++) {
            assertTrue("it is cut before long", i < 100_000);
        }
    }

    @Test
    public void aWebSocketThatIsNotReadIsCutWithTheLastThatWasWritten() throws Exception {
        live();
        try (RawClient client = new RawClient(group.port())) {
            Channel channel = open(client, UPGRADE);
            channel.send(new ChannelEvent("first", ""));
            Until.until(
                    "it is written",
                    () -> group.dispatcher().channels().getFirst().sent() == 1);
            flood(channel);
            String how = closed.poll(10, TimeUnit.SECONDS);
            assertTrue(how, how.matches("1013 too slow, after (first|[0-9]+)"));
            assertFalse(channel.isOpen());
        }
        assertEquals(1, group.dispatcher().channels().getFirst().slow());
    }

    @Test
    public void anEventStreamThatIsNotReadIsCut() throws Exception {
        live();
        try (RawClient client = new RawClient(group.port())) {
            Channel channel = open(client, "GET /chat/a HTTP/1.1\r\nHost: x\r\n\r\n");
            flood(channel);
            String how = closed.poll(10, TimeUnit.SECONDS);
            assertTrue(how, how.startsWith("1013 too slow"));
        }
    }

    @Test
    public void whoDoesNotAnswerAPingIsCut() throws Exception {
        ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("wheel", true);
        scheduler.start();
        UnitChannels unit = new UnitChannels(
                "chat",
                new ChannelServices(
                        Runnable::run,
                        scheduler,
                        QueueMemory.ofThisProcess(),
                        new PingWheel(scheduler, 2, 50),
                        new WriteTurns(Runnable::run)));
        unit.flip(new Owner());
        group.live("chat", "1", new ChannelHandler(unit, receiver), "/chat/*");
        try (RawClient silent = new RawClient(group.port());
                SocketClient lively = new SocketClient(group.port(), "/chat/a")) {
            channels.poll(10, TimeUnit.SECONDS);
            open(silent, UPGRADE);
            assertEquals("1013 no answer to a ping", closed.poll(10, TimeUnit.SECONDS));
            assertTrue("who answers stays: " + lively.heard, lively.heard.isEmpty());
            Until.until("one is left", () -> unit.soFar().open() == 1);
        } finally {
            scheduler.stop();
        }
    }

    /** A generation that has one receiver. */
    private final class Owner implements ChannelOwner {
        @Override
        public String generation() {
            return "1";
        }

        @Override
        public @Nullable ChannelReceiver receiver(ChannelRequest request) {
            return receiver;
        }

        @Override
        public void enter() {}

        @Override
        public void exit() {}
    }

    /** Writes nothing until it is told. */
    private static final class StuckWire implements Wire {
        private @Nullable Callback written;

        @Override
        public void write(Outgoing message, Callback callback) {
            written = callback;
        }

        @Override
        public boolean joins() {
            return false;
        }

        @Override
        public void ping(Callback callback) {
            written = callback;
        }

        @Override
        public boolean isSilent() {
            return false;
        }

        @Override
        public void close(int code, String reason) {}

        @Override
        public void abort() {}

        @Override
        public void demand() {}
    }

    private static SendQueue queue(QueueMemory memory, Wire wire) {
        SendQueue queue = new SendQueue(new WriteTurns(Runnable::run), memory, new LongAdder(), () -> {});
        queue.attach(wire);
        return queue;
    }

    @Test
    public void allTogetherHaveABound() {
        QueueMemory memory = new QueueMemory(1000, 10);
        Outgoing message = Outgoing.text("x".repeat(100));
        SendQueue first = queue(memory, new StuckWire());
        for (int i = 0; i < 5; i++) {
            assertEquals(SendQueue.Offer.QUEUED, first.offer(message));
        }
        assertEquals("it has the half that those may have who are behind", SendQueue.Offer.FULL, first.offer(message));
        SendQueue other = queue(memory, new StuckWire());
        assertEquals("who reads pays for nobody", SendQueue.Offer.QUEUED, other.offer(message));
        assertEquals(600, memory.bytes());

        first.cut(1013, "too slow");
        other.gone();
        first.gone();
        assertEquals("all is given back", 0, memory.bytes());
        assertEquals(SendQueue.Offer.CLOSED, first.offer(message));
    }

    @Test
    public void oneHasABoundOfBytesAndMessages() {
        QueueMemory memory = new QueueMemory(Long.MAX_VALUE, 10);
        SendQueue many = queue(memory, new StuckWire());
        int queued = 0;
        while (many.offer(Outgoing.text("x")) == SendQueue.Offer.QUEUED) {
            queued++;
        }
        assertEquals("and the one that is being written", Channel.QUEUE_MESSAGES + 1, queued);
        SendQueue large = queue(memory, new StuckWire());
        queued = 0;
        while (large.offer(Outgoing.text("x".repeat(Channel.MESSAGE_BYTES))) == SendQueue.Offer.QUEUED) {
            queued++;
        }
        assertEquals(Channel.QUEUE_BYTES / Channel.MESSAGE_BYTES, queued);
    }

    @Test
    public void whatDoesNotMoveIsStuck() throws Exception {
        StuckWire wire = new StuckWire();
        SendQueue queue = queue(new QueueMemory(1000, 10), wire);
        assertFalse(queue.isStuck());
        queue.offer(Outgoing.text("x"));
        assertFalse("it has just begun", queue.isStuck());
        assertTrue(queue.isStuck());
        Callback written = wire.written;
        written.succeeded();
        assertFalse(queue.isStuck());
        Until.until("nothing waits", () -> !queue.isStuck());
    }

    @Test
    public void thereIsAMostOfChannels() {
        QueueMemory memory = new QueueMemory(1000, 1);
        assertTrue(memory.open());
        assertFalse(memory.open());
        memory.closed();
        assertTrue(memory.open());
    }
}
