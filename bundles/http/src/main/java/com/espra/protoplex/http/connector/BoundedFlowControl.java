package com.espra.protoplex.http.connector;

import org.eclipse.jetty.http2.BufferingFlowControlStrategy;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow control of one HTTP/2 connection. It counts what is unread, and the frames that cost us more than they bring: Jetty has a rate
 * for the other kinds.
 */
final class BoundedFlowControl extends BufferingFlowControlStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedFlowControl.class);

    private static final float UPDATE_AT = 0.5f;
    private static final long SECOND_NANOS = 1_000_000_000;

    /** A client that reads may send one for each kilobyte: Go's sends two for each four. */
    private static final int BYTES_AN_UPDATE = 1024;

    private static final int UPDATES_A_SECOND = 1000;
    private static final int SMALL_BYTES = 64;
    private static final int SMALL_FRAMES_A_SECOND = 10_000;

    private final UnreadBodies all;
    private long unread;
    private boolean closed;

    /** Of {@link #unread}, what is held for a header block; touched by the thread that reads. */
    private long block;

    // Of the current second; touched by the thread that reads frames.
    private long second = NanoTime.now();
    private long updates;
    private long smallFrames;
    private long sentBefore;
    private boolean leaving;

    BoundedFlowControl(UnreadBodies all) {
        super(UPDATE_AT);
        this.all = all;
    }

    @Override
    public void onDataReceived(Session session, Stream stream, int length) {
        super.onDataReceived(session, stream, length);
        admit(session, length);
    }

    /** Notes what is held for the header block that the connection is reading: 0 if there is none. */
    void holdForBlock(Session session, long bytes) {
        long more = bytes - block;
        block = bytes;
        if (more > 0) {
            admit(session, more);
        } else if (more < 0) {
            add(more);
        }
    }

    private void admit(Session session, long more) {
        if (all.isTooMuch(add(more))) {
            all.cutOne();
            disconnect(session, "more is unread over all connections than there is memory for");
        }
    }

    @Override
    public void onDataConsumed(Session session, Stream stream, int length) {
        add(-length);
        super.onDataConsumed(session, stream, length);
    }

    private synchronized long add(long length) {
        if (!closed) {
            unread += length;
            all.add(length);
        }
        return unread;
    }

    /** The connection is gone, and with it whatever was unread. */
    synchronized void close() {
        closed = true;
        all.add(-unread);
        unread = 0;
    }

    /** Counts a frame, and disconnects a client that sends too many which are small. */
    void count(HTTP2Session session, Frame frame) {
        boolean update = frame.getType() == FrameType.WINDOW_UPDATE;
        boolean small = frame instanceof DataFrame data && data.remaining() < SMALL_BYTES;
        if (!update && !small) {
            return;
        }
        if (NanoTime.since(second) > SECOND_NANOS) {
            second = NanoTime.now();
            updates = 0;
            smallFrames = 0;
            sentBefore = session.getBytesWritten();
        }
        if (update
                && ++updates > UPDATES_A_SECOND
                && updates > UPDATES_A_SECOND + (session.getBytesWritten() - sentBefore) / BYTES_AN_UPDATE) {
            disconnect(session, "more WINDOW_UPDATE frames than what was sent can explain");
        } else if (small && ++smallFrames > SMALL_FRAMES_A_SECOND) {
            disconnect(session, "too many small DATA frames");
        }
    }

    /** The second time at once: a client that goes on sending does not wait for the end, and each of its frames would be answered. */
    private void disconnect(Session session, String why) {
        if (leaving) {
            hangUp(session);
            return;
        }
        leaving = true;
        LOG.debug("{} is disconnected: {}", session, why);
        session.close(ErrorCode.ENHANCE_YOUR_CALM_ERROR.code, why, Callback.from(() -> hangUp(session)));
    }

    /** Jetty by itself would wait for the streams to end, and what they hold would stay until then. */
    private static void hangUp(Session session) {
        if (session instanceof HTTP2Session http2) {
            http2.getEndPoint().close();
        }
    }
}
