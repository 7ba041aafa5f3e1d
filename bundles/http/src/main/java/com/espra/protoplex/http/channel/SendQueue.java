package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one client: written one after the other, or together where the protocol allows it, by the {@link WriteTurns} or whichever thread
 * completes the write before. Who queues more than a little writes by itself: it goes no faster than what it sends can be written.
 */
final class SendQueue extends IteratingCallback {

    /** So much waits for the turns. */
    private static final int MESSAGES_AHEAD = 16;

    private static final int BYTES_AHEAD = 16 * 1024;

    /** What is written at once, unless one message has more. */
    private static final int BYTES_AT_ONCE = 32 * 1024;

    /** What became of a message. */
    enum Offer {
        QUEUED,
        CLOSED,
        /** There is no room: the client is too slow. */
        FULL
    }

    private record End(int code, String reason) {}

    private final WriteTurns turns;
    private final QueueMemory memory;
    private final LongAdder sent;
    private final Runnable failed;

    // All of this is guarded by this. An idle channel has no deque.
    private @Nullable ArrayDeque<Outgoing> messages;
    private @Nullable Outgoing writing;
    private int writingCount;
    private boolean isDue;
    private @Nullable Wire wire;
    private @Nullable End end;
    private int bytes;
    private boolean pings;
    private boolean pingIsOut;
    private boolean moved;
    private String written = "";

    /**
     * @param turns by whom little is written
     * @param sent counts what is written
     * @param failed called when a write has failed
     */
    SendQueue(WriteTurns turns, QueueMemory memory, LongAdder sent, Runnable failed) {
        this.turns = turns;
        this.memory = memory;
        this.sent = sent;
        this.failed = failed;
    }

    /** There is a connection: what waits is written. */
    void attach(Wire to) {
        synchronized (this) {
            wire = to;
        }
        iterate();
    }

    Offer offer(Outgoing message) {
        boolean atOnce;
        synchronized (this) {
            if (end != null) {
                return Offer.CLOSED;
            }
            ArrayDeque<Outgoing> queue = messages;
            int size = message.size();
            boolean behind = queue != null && !queue.isEmpty();
            boolean full = bytes + size > Channel.QUEUE_BYTES
                    || (queue != null && queue.size() >= Channel.QUEUE_MESSAGES)
                    || !memory.take(size, behind);
            if (full) {
                return Offer.FULL;
            }
            if (queue == null) {
                queue = new ArrayDeque<>(4);
                messages = queue;
            }
            queue.add(message);
            bytes += size;
            atOnce = queue.size() >= MESSAGES_AHEAD || bytes >= BYTES_AHEAD || memory.isFilling();
            if (!atOnce) {
                // What is being written is followed by this, and what is due has it.
                if (writing != null || isDue || wire == null) {
                    return Offer.QUEUED;
                }
                isDue = true;
            }
        }
        if (atOnce) {
            iterate();
        } else {
            turns.add(this);
        }
        return Offer.QUEUED;
    }

    /** Its turn has come. */
    void writeNow() {
        synchronized (this) {
            isDue = false;
        }
        iterate();
    }

    /** Ends the connection when what waits has been written. */
    void close(int code, String reason) {
        synchronized (this) {
            if (end != null) {
                return;
            }
            end = new End(code, reason);
        }
        iterate();
    }

    /**
     * Nothing more is written, and what waits is dropped.
     *
     * @return the id of the last event that was written; null if it was closed already
     */
    synchronized @Nullable String cut(int code, String reason) {
        if (end != null) {
            return null;
        }
        end = new End(code, reason);
        wire = null;
        drop();
        return written;
    }

    /** The connection is gone. */
    synchronized void gone() {
        if (end == null) {
            end = new End(0, "");
        }
        drop();
        if (writing != null) {
            memory.give(writing.size());
            writing = null;
        }
        wire = null;
    }

    private void drop() {
        if (messages != null) {
            long dropped = 0;
            for (Outgoing message : messages) {
                dropped += message.size();
            }
            memory.give(dropped);
            bytes -= (int) dropped;
            messages = null;
        }
    }

    /** Sends a ping, unless one is on its way. */
    void ping() {
        synchronized (this) {
            if (end != null || pingIsOut) {
                return;
            }
            pings = true;
        }
        iterate();
    }

    synchronized boolean isOpen() {
        return end == null;
    }

    /** Whether something waits for the client, and nothing has been written since this was asked last. */
    synchronized boolean isStuck() {
        boolean stuck = (writing != null || pingIsOut) && !moved;
        moved = false;
        return stuck;
    }

    /** Runs by one thread at a time. */
    @Override
    protected Action process() {
        Wire to;
        Outgoing next;
        End last = null;
        synchronized (this) {
            to = wire;
            if (to == null) {
                return Action.IDLE;
            }
            next = next(to);
            if (next != null) {
                writing = next;
                moved = true;
            } else if (pings) {
                pings = false;
                pingIsOut = true;
                moved = true;
            } else if (end != null) {
                last = end;
                wire = null;
            } else {
                messages = null;
                return Action.IDLE;
            }
        }
        if (next != null) {
            to.write(next, this);
        } else if (last == null) {
            to.ping(this);
        } else {
            to.close(last.code(), last.reason());
            return Action.IDLE;
        }
        return Action.SCHEDULED;
    }

    /** What is written next: several as one, if they may be. Called under the lock. */
    private @Nullable Outgoing next(Wire to) {
        ArrayDeque<Outgoing> queue = messages;
        Outgoing first = queue == null ? null : queue.poll();
        writingCount = 1;
        if (queue == null || first == null || queue.isEmpty() || !to.joins()) {
            return first;
        }
        int size = first.size();
        List<Outgoing> together = new ArrayList<>();
        together.add(first);
        for (Outgoing more = queue.peek(); more != null && size + more.size() <= BYTES_AT_ONCE; more = queue.peek()) {
            size += more.size();
            together.add(more);
            queue.poll();
        }
        writingCount = together.size();
        return Outgoing.joined(together, size);
    }

    @Override
    protected void onSuccess() {
        int count;
        synchronized (this) {
            Outgoing done = writing;
            moved = true;
            pingIsOut = false;
            if (done == null) {
                return;
            }
            writing = null;
            count = writingCount;
            bytes -= done.size();
            memory.give(done.size());
            if (!done.event().isEmpty()) {
                written = done.event();
            }
        }
        sent.add(count);
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        failed.run();
    }
}
