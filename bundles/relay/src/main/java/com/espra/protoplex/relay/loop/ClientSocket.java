package com.espra.protoplex.relay.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes of a client's end point, in clear text or within TLS. All under the monitor of the {@link Loop}. */
final class ClientSocket {

    private static final Logger LOG = LoggerFactory.getLogger(ClientSocket.class);

    private final Loop loop;
    private final EndPoint endPoint;
    private final Events events;
    private final Callback readable = new ReadEvent();
    private final Callback written = new WriteEvent();
    private @Nullable ByteBuffer unwritten;
    private boolean asked;
    private boolean writing;
    private boolean handsOver;

    /** What happens at it, told under the monitor. */
    interface Events {

        void readable();

        /** What was not taken at once has been written. */
        void written();

        /** It is of no use any more. */
        void broken();
    }

    ClientSocket(Loop loop, EndPoint endPoint, Events events) {
        this.loop = loop;
        this.endPoint = endPoint;
        this.events = events;
    }

    /** Wants to hear when there is something to read; asking twice is as good as once. */
    void ask() {
        if (!asked) {
            asked = true;
            endPoint.fillInterested(readable);
        }
    }

    boolean isAsked() {
        return asked;
    }

    /** Reads into a buffer that is empty then: -1 at the end, and when it is broken. */
    int read(ByteBuffer into) {
        into.position(0).limit(0);
        try {
            return endPoint.fill(into);
        } catch (IOException | RuntimeException e) {
            LOG.debug("{}: {}", endPoint, e.toString());
            return -1;
        }
    }

    /** Whether all is written. What is not is kept, and written as it goes: {@link Events#written} tells. */
    boolean write(ByteBuffer first, @Nullable ByteBuffer second) {
        if (unwritten != null) {
            throw new IllegalStateException("a write before the last one is done");
        }
        try {
            boolean all = second == null ? endPoint.flush(first) : endPoint.flush(first, second);
            if (all) {
                return true;
            }
        } catch (IOException e) {
            LOG.debug("{}: {}", endPoint, e.toString());
            events.broken();
            return false;
        }
        int more = second == null ? 0 : second.remaining();
        ByteBuffer left = ByteBuffer.allocate(first.remaining() + more);
        left.put(first);
        if (second != null) {
            left.put(second);
        }
        left.flip();
        unwritten = left;
        writing = true;
        handsOver = true;
        endPoint.write(written, left);
        handsOver = false;
        return !writing;
    }

    /** How much of the last write has not gone. */
    int unwritten() {
        ByteBuffer left = unwritten;
        return left == null ? 0 : left.remaining();
    }

    private final class ReadEvent implements Callback {

        @Override
        public void succeeded() {
            synchronized (loop) {
                asked = false;
                events.readable();
            }
        }

        @Override
        public void failed(Throwable cause) {
            synchronized (loop) {
                asked = false;
                LOG.debug("{}: {}", endPoint, cause.toString());
                events.broken();
            }
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    private final class WriteEvent implements Callback {

        @Override
        public void succeeded() {
            synchronized (loop) {
                writing = false;
                unwritten = null;
                if (!handsOver) {
                    events.written();
                }
            }
        }

        @Override
        public void failed(Throwable cause) {
            synchronized (loop) {
                writing = false;
                unwritten = null;
                LOG.debug("{}: {}", endPoint, cause.toString());
                events.broken();
            }
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
