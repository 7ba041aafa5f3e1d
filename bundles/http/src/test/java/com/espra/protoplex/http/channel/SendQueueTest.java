package com.espra.protoplex.http.channel;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;

import com.espra.protoplex.api.channel.ChannelEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.util.Callback;
import org.junit.Test;

/** When what is sent is written, and how much of it at once. */
public class SendQueueTest {

    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private final WriteTurns turns = new WriteTurns(later::add);
    private final LongAdder sent = new LongAdder();
    private final QueueMemory memory = new QueueMemory(1 << 20, 10);
    private final RecordingWire wire = new RecordingWire();

    /** Keeps what is written; whether it is through is told by the test. */
    private static final class RecordingWire implements Wire {
        private final List<String> writes = new ArrayList<>();
        private final ArrayDeque<Callback> underWay = new ArrayDeque<>();
        private boolean joins = true;

        @Override
        public void write(Outgoing message, Callback written) {
            writes.add(StandardCharsets.UTF_8.decode(message.content()).toString());
            underWay.add(written);
        }

        @Override
        public boolean joins() {
            return joins;
        }

        @Override
        public void ping(Callback written) {
            underWay.add(written);
        }

        @Override
        public boolean isSilent() {
            return false;
        }

        @Override
        public void close(int code, String reason) {
            writes.add("closed " + code);
        }

        @Override
        public void abort() {}

        @Override
        public void demand() {}
    }

    private SendQueue queue() {
        SendQueue queue = new SendQueue(turns, memory, sent, () -> {});
        queue.attach(wire);
        return queue;
    }

    private void runLater() {
        while (!later.isEmpty()) {
            later.poll().run();
        }
    }

    private void written() {
        wire.underWay.poll().succeeded();
    }

    @Test
    public void whatIsQueuedBeforeItsTurnIsOneWrite() {
        SendQueue queue = queue();
        for (String text : List.of("a", "b", "c")) {
            queue.offer(Outgoing.text(text));
        }
        assertEquals("whoever sends does not write", List.of(), wire.writes);
        assertEquals("and asks once", 1, later.size());
        runLater();
        assertEquals(List.of("abc"), wire.writes);
        assertEquals(0, sent.sum());
        written();
        assertEquals("each counts", 3, sent.sum());
        assertEquals("and its room is given back", 0, memory.bytes());
        queue.offer(Outgoing.text("d"));
        runLater();
        assertEquals(List.of("abc", "d"), wire.writes);
    }

    @Test
    public void framesAreWrittenOneByOne() {
        wire.joins = false;
        SendQueue queue = queue();
        queue.offer(Outgoing.text("a"));
        queue.offer(Outgoing.text("b"));
        runLater();
        assertEquals(List.of("a"), wire.writes);
        written();
        assertEquals(List.of("a", "b"), wire.writes);
    }

    @Test
    public void whoSendsMoreThanALittleWritesByItself() {
        SendQueue queue = queue();
        for (int i = 0; i < 15; i++) {
            queue.offer(Outgoing.text("x"));
        }
        assertEquals(List.of(), wire.writes);
        queue.offer(Outgoing.text("x"));
        assertEquals(List.of("x".repeat(16)), wire.writes);
        written();

        SendQueue large = queue();
        large.offer(Outgoing.text("y".repeat(20_000)));
        assertEquals("no turn was waited for", 2, wire.writes.size());
        runLater();
        assertEquals(2, wire.writes.size());
    }

    @Test
    public void nothingWaitsForATurnWhenRoomIsShort() {
        QueueMemory little = new QueueMemory(1000, 10);
        SendQueue queue = new SendQueue(turns, little, sent, () -> {});
        queue.attach(wire);
        queue.offer(Outgoing.text("x".repeat(200)));
        assertEquals(1, wire.writes.size());
    }

    @Test
    public void oneWriteHasABound() {
        SendQueue queue = queue();
        queue.offer(Outgoing.text("a"));
        runLater();
        // The first is under way: these wait.
        for (int i = 0; i < 4; i++) {
            queue.offer(Outgoing.text("x".repeat(15_000)));
        }
        written();
        assertEquals(30_000, wire.writes.getLast().length());
        written();
        assertEquals(30_000, wire.writes.getLast().length());
        assertEquals(3, wire.writes.size());
    }

    @Test
    public void aCloseIsAfterWhatWaitsForItsTurn() {
        SendQueue queue = queue();
        queue.offer(Outgoing.text("a"));
        queue.close(1000, "");
        assertEquals(List.of("a"), wire.writes);
        written();
        assertEquals(List.of("a", "closed 1000"), wire.writes);
        runLater();
        assertEquals(2, wire.writes.size());
    }

    @Test
    public void theIdOfTheLastThatWasWrittenIsKnown() {
        SendQueue queue = queue();
        queue.offer(Outgoing.event(new ChannelEvent("1", "a")));
        queue.offer(Outgoing.event(new ChannelEvent("2", "b")));
        queue.offer(Outgoing.event(new ChannelEvent("", "c")));
        runLater();
        written();
        assertEquals("2", queue.cut(1013, "too slow"));
    }

    @Test
    public void anEventIsEncodedOnceForAll() {
        LastEvent last = new LastEvent();
        ChannelEvent event = new ChannelEvent("1", "a");
        Outgoing first = last.of(event);
        assertSame(first.bytes(), last.of(event).bytes());
        assertEquals(
                "id: 1\ndata: a\n\n",
                StandardCharsets.UTF_8.decode(last.of(event).content()).toString());
        assertNotSame(first, last.of(new ChannelEvent("1", "a")));
    }
}
