package com.espra.protoplex.seed.link;

import com.espra.protoplex.fleet.link.Frame;
import com.espra.protoplex.fleet.link.FrameCodec;
import com.espra.protoplex.fleet.link.FrameException;
import com.espra.protoplex.seed.core.Closing;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.core.NodeLink;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSocket of one node. The next frame is asked for when the fleet has taken the last one, so a node has at most one in the
 * queue; and what a slow node has not read yet is replaced by what is newer, so there is at most one on its way to it.
 */
public final class LinkSession implements Session.Listener, NodeLink {

    private static final Logger LOG = LoggerFactory.getLogger(LinkSession.class);
    private static final int MAX_REASON_BYTES = 120;

    private final Fleet fleet;
    private final FleetLoop loop;
    private final int maxFrame;
    private final Duration idle;
    private volatile Instant heard = Instant.now();
    private volatile @Nullable Session session;
    private boolean greeted;
    private boolean sending;
    private Frame.@Nullable Desired waiting;

    LinkSession(Fleet fleet, FleetLoop loop, int maxFrame, Duration idle) {
        this.fleet = fleet;
        this.loop = loop;
        this.maxFrame = maxFrame;
        this.idle = idle;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        opened.setMaxTextMessageSize(maxFrame);
        opened.setIdleTimeout(idle);
        session = opened;
        opened.demand();
    }

    @Override
    public void onWebSocketText(String text) {
        heard = Instant.now();
        Frame frame;
        try {
            frame = FrameCodec.read(text);
        } catch (FrameException e) {
            close(Closing.PROTOCOL_ERROR, String.valueOf(e.getMessage()));
            return;
        }
        if (!greeted && !(frame instanceof Frame.Hello)) {
            close(Closing.PROTOCOL_ERROR, "the first frame is not a hello");
            return;
        }
        boolean hello = !greeted && frame instanceof Frame.Hello;
        greeted = true;
        loop.run(() -> take(frame, hello), this::next, this::lost);
    }

    private void take(Frame frame, boolean hello) {
        if (hello) {
            fleet.joined(this, (Frame.Hello) frame);
        } else {
            fleet.received(this, frame);
        }
    }

    private void next() {
        Session current = session;
        if (current != null && current.isOpen()) {
            current.demand();
        }
    }

    private void lost(Throwable cause) {
        LOG.error("a frame was lost; the link is closed, so that the node says it again", cause);
        close(Closing.GOING_AWAY, "the Seed could not take a frame; connect again");
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        close(Closing.PROTOCOL_ERROR, "frames are text");
    }

    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        heard = Instant.now();
        Session current = session;
        if (current != null) {
            current.sendPong(payload, Callback.NOOP);
            current.demand();
        }
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        heard = Instant.now();
        Session current = session;
        if (current != null) {
            current.demand();
        }
    }

    @Override
    public void onWebSocketClose(int statusCode, @Nullable String reason, Callback callback) {
        session = null;
        loop.run(() -> fleet.left(this), () -> {}, failure -> LOG.debug("the Seed stops already", failure));
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.debug("a link failed", cause);
    }

    @Override
    public synchronized void send(Frame.Desired desired) {
        if (sending) {
            waiting = desired;
            return;
        }
        Session current = session;
        if (current == null) {
            return;
        }
        try {
            sending = true;
            current.sendText(FrameCodec.write(desired), Callback.from(this::sent, this::failed));
        } catch (FrameException e) {
            sending = false;
            LOG.error("the desired state is too large to be sent: {}", e.getMessage());
        }
    }

    private synchronized void sent() {
        sending = false;
        Frame.Desired next = waiting;
        waiting = null;
        if (next != null) {
            send(next);
        }
    }

    private void failed(Throwable cause) {
        LOG.debug("a frame could not be sent", cause);
        Session current = session;
        if (current != null) {
            current.disconnect();
        }
    }

    @Override
    public void ping() {
        Session current = session;
        if (current != null) {
            current.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
        }
    }

    @Override
    public Instant heard() {
        return heard;
    }

    @Override
    public void close(int code, String reason) {
        Session current = session;
        if (current != null) {
            current.close(code, shortened(reason), Callback.from(() -> {}, failure -> current.disconnect()));
        }
    }

    /** A close frame has room for 123 bytes (RFC 6455, section 5.5.1). */
    private static String shortened(String reason) {
        String ascii = reason.replaceAll("[^ -~]", "?");
        return ascii.length() <= MAX_REASON_BYTES ? ascii : ascii.substring(0, MAX_REASON_BYTES - 3) + "...";
    }
}
