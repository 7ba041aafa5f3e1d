package com.espra.protoplex.seed.link;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrameCodec;
import com.espra.protoplex.fleet.link.LinkFrameException;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.enrol.CertifiedNode;
import com.espra.protoplex.seed.enrol.EnrolledNode;
import com.espra.protoplex.seed.enrol.Enrolments;
import com.espra.protoplex.seed.nodes.Closing;
import com.espra.protoplex.seed.nodes.NodeLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Utf8StringBuilder;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.exception.BadPayloadException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSocket of one node. The next frame is asked for when the fleet has taken the last one, so a node has at most one in the
 * queue; and what a slow node has not read yet is replaced by what is newer, so there is at most one on its way to it.
 */
final class LinkSession implements FrameHandler, NodeLink {

    private static final Logger LOG = LoggerFactory.getLogger(LinkSession.class);
    private static final int MAX_REASON_BYTES = 120;

    /** Of one certificate at a time. */
    private static final int MOST_LINKS = 4;

    /** Only for peers that are gone without a word: silence is the fleet's business, and it is sooner. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Fleet fleet;
    private final FleetLoop loop;
    private final Enrolments enrolments;
    private final Optional<CertifiedNode> certified;
    private final Set<LinkSession> open;
    private final Utf8StringBuilder text = new Utf8StringBuilder();
    private volatile Instant heard;
    private volatile @Nullable CoreSession session;
    private volatile boolean refused;
    private boolean greeted;
    private boolean upgrading;
    private boolean listing;
    private final Newest desires = new Newest();
    private final Newest standings = new Newest();
    private final Newest owners = new Newest();
    private final Newest leases = new Newest();

    /**
     * @param enrolments judges the node that has shown a certificate
     * @param certified the node that has shown a certificate; empty for one that has shown a token
     * @param open where this is while it is open, if the node has a certificate
     */
    LinkSession(
            Fleet fleet,
            FleetLoop loop,
            Enrolments enrolments,
            Optional<CertifiedNode> certified,
            Set<LinkSession> open) {
        this.fleet = fleet;
        this.heard = fleet.clock().instant();
        this.loop = loop;
        this.enrolments = enrolments;
        this.certified = certified;
        this.open = open;
    }

    Optional<CertifiedNode> certified() {
        return certified;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        opened.setIdleTimeout(IDLE);
        session = opened;
        if (certified.isPresent()) {
            open.add(this);
        }
        callback.succeeded();
        opened.demand();
        if (isGood()) {
            requireFew(certified);
        }
    }

    /** A node has one link, and for a moment two. Each of more costs the Seed as much as a node does. */
    private void requireFew(Optional<CertifiedNode> node) {
        long same = open.stream()
                .filter(each -> each.certified.map(CertifiedNode::key).equals(node.map(CertifiedNode::key)))
                .count();
        if (node.isPresent() && same > MOST_LINKS) {
            expel(Closing.CERTIFICATE, "this certificate has " + MOST_LINKS + " links already: a node has one");
        }
    }

    /** It was judged before it was in the set that a revocation goes through: so once more, now that it is. */
    private boolean isGood() {
        Optional<String> wrong = certified.flatMap(enrolments::judge);
        wrong.ifPresent(why -> expel(Closing.CERTIFICATE, why));
        return wrong.isEmpty();
    }

    @Override
    public void onFrame(org.eclipse.jetty.websocket.core.Frame frame, Callback callback) {
        heard = fleet.clock().instant();
        switch (frame.getOpCode()) {
            case OpCode.TEXT, OpCode.CONTINUATION -> part(frame, callback);
            case OpCode.PING -> pong(frame, callback);
            case OpCode.PONG -> {
                callback.succeeded();
                next();
            }
            case OpCode.CLOSE -> callback.succeeded();
            default -> {
                callback.succeeded();
                refuse(Closing.PROTOCOL_ERROR, "frames are text");
            }
        }
    }

    private void part(org.eclipse.jetty.websocket.core.Frame frame, Callback callback) {
        if (refused) {
            callback.succeeded();
            next();
            return;
        }
        if (text.length() + (long) frame.getPayloadLength() > LinkFrameCodec.MAX_FRAME) {
            callback.succeeded();
            refuse(Closing.TOO_LARGE, "a frame may have " + LinkFrameCodec.MAX_FRAME + " bytes");
            return;
        }
        text.append(frame.getPayload());
        if (!frame.isFin()) {
            callback.succeeded();
            next();
            return;
        }
        try {
            String whole = text.takeCompleteString(BadPayloadException.InvalidUtf8::new);
            text.reset();
            callback.succeeded();
            whole(whole);
        } catch (BadPayloadException e) {
            callback.failed(e);
        }
    }

    private void whole(String message) {
        try {
            LinkFrame frame = LinkFrameCodec.read(message);
            boolean hello = !greeted;
            if (hello && !(frame instanceof LinkFrame.Hello)) {
                refuse(Closing.PROTOCOL_ERROR, "the first frame is not a hello");
                return;
            }
            if (frame instanceof LinkFrame.Hello said) {
                Optional<String> wrong = certified.isPresent()
                        ? certified.get().contradicts(said.node(), said.roles())
                        : enrolments.node(said.node()).map(LinkSession::withoutIts);
                if (wrong.isPresent()) {
                    LOG.warn("a node is turned away: {}", wrong.get());
                    refuse(Closing.CERTIFICATE, wrong.get());
                    return;
                }
            }
            greeted = true;
            loop.run(() -> take(frame, hello), this::next, this::lost);
        } catch (LinkFrameException e) {
            refuse(Closing.PROTOCOL_ERROR, String.valueOf(e.getMessage()));
        }
    }

    /** Short, for what to do is in it, and names may be long. */
    private static String withoutIts(EnrolledNode node) {
        return "this name has a certificate: take another, or ./protoplex node forget " + node.node();
    }

    private void take(LinkFrame frame, boolean first) {
        if (first && frame instanceof LinkFrame.Hello hello) {
            if (isGood() && fleet.joined(this, hello)) {
                certified.ifPresent(node -> remember(node, hello.roles()));
            }
        } else {
            fleet.received(this, frame);
        }
    }

    private void remember(CertifiedNode node, Set<String> roles) {
        try {
            enrolments.remember(node, roles);
        } catch (IOException e) {
            LOG.warn(
                    "{} serves, and is not noted as enrolled until it connects again: {}", node.node(), e.getMessage());
        }
    }

    private void next() {
        CoreSession current = session;
        if (current != null && !current.isClosed()) {
            current.demand();
        }
    }

    private void lost(Throwable cause) {
        LOG.error("a frame was lost; the link is closed, so that the node says it again", cause);
        refuse(Closing.GOING_AWAY, "the Seed could not take a frame; connect again");
    }

    /** Ends it now: the node is away from this moment on, whatever it still sends. */
    void expel(int code, String reason) {
        open.remove(this);
        refused = true;
        CoreSession current = session;
        if (current != null) {
            current.close(code, shortened(reason), Callback.from(current::abort, failure -> current.abort()));
        }
        loop.run(() -> fleet.left(this), () -> {}, failure -> LOG.debug("the Seed stops already", failure));
    }

    /** Closes, and asks for the other side's answer to that. */
    private void refuse(int code, String reason) {
        close(code, reason);
        next();
    }

    private void pong(org.eclipse.jetty.websocket.core.Frame ping, Callback callback) {
        CoreSession current = session;
        if (current != null) {
            current.sendFrame(
                    new org.eclipse.jetty.websocket.core.Frame(OpCode.PONG, true, ping.getPayload()),
                    Callback.from(this::next, callback),
                    false);
        }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        LOG.debug("a link failed", cause);
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        session = null;
        open.remove(this);
        loop.run(() -> fleet.left(this), () -> {}, failure -> LOG.debug("the Seed stops already", failure));
        callback.succeeded();
    }

    @Override
    public synchronized void send(LinkFrame.Desired desired) {
        desires.send(desired);
    }

    @Override
    public synchronized void send(LinkFrame.Standing standing) {
        standings.send(standing);
    }

    @Override
    public synchronized void send(LinkFrame.Owners tables) {
        owners.send(tables);
    }

    @Override
    public synchronized void send(LinkFrame.Lease lease) {
        leases.send(lease);
    }

    /** Of one kind of frame one is on its way, and of those that wait the newest alone. */
    private final class Newest {

        private boolean sending;
        private @Nullable LinkFrame waiting;

        void send(LinkFrame frame) {
            if (sending) {
                waiting = frame;
                return;
            }
            try {
                LinkSession.this.send(frame, () -> sending = true, this::sent);
            } catch (LinkFrameException e) {
                LOG.error("what a node should hear is too large to be sent: {}", e.getMessage());
            }
        }

        private void sent() {
            synchronized (LinkSession.this) {
                sending = false;
                LinkFrame newer = waiting;
                waiting = null;
                if (newer != null) {
                    send(newer);
                }
            }
        }
    }

    @Override
    public synchronized boolean send(LinkFrame.Upgrade upgrade) {
        try {
            return !upgrading && send(upgrade, () -> upgrading = true, this::toldToUpgrade);
        } catch (LinkFrameException e) {
            throw new IllegalArgumentException("the path of the distribution is too long", e);
        }
    }

    @Override
    public synchronized boolean send(LinkFrame.Directory part) {
        try {
            return !listing && send(part, () -> listing = true, this::listed);
        } catch (LinkFrameException e) {
            LOG.error("a part of the directory is too large to be sent: {}", e.getMessage());
            return false;
        }
    }

    /** Few are revoked at a time. */
    @Override
    public synchronized void send(LinkFrame.Revoked revoked) {
        try {
            send(revoked, () -> {}, () -> {});
        } catch (LinkFrameException e) {
            LOG.error("the keys that were revoked are too many to be sent: {}", e.getMessage());
        }
    }

    /** Few are asked at a time. */
    @Override
    public synchronized boolean send(LinkFrame.Ask question) {
        try {
            return send(question, () -> {}, () -> {});
        } catch (LinkFrameException e) {
            throw new IllegalArgumentException("the question is too long", e);
        }
    }

    private synchronized void listed() {
        listing = false;
    }

    /**
     * Sends a frame, unless the link has ended.
     *
     * @param begins called before: the frame may be there before this returns
     */
    private boolean send(LinkFrame frame, Runnable begins, Runnable sent) throws LinkFrameException {
        CoreSession current = session;
        if (current == null) {
            return false;
        }
        String message = LinkFrameCodec.write(frame);
        begins.run();
        current.sendFrame(
                new org.eclipse.jetty.websocket.core.Frame(OpCode.TEXT, true, message),
                Callback.from(sent, this::failed),
                false);
        return true;
    }

    private synchronized void toldToUpgrade() {
        upgrading = false;
    }

    private void failed(Throwable cause) {
        LOG.debug("a frame could not be sent", cause);
        CoreSession current = session;
        if (current != null) {
            current.abort();
        }
    }

    @Override
    public void ping() {
        CoreSession current = session;
        if (current != null) {
            current.sendFrame(new org.eclipse.jetty.websocket.core.Frame(OpCode.PING), Callback.NOOP, false);
        }
    }

    @Override
    public Instant heard() {
        return heard;
    }

    @Override
    public void close(int code, String reason) {
        CoreSession current = session;
        if (current != null) {
            refused = true;
            current.close(code, shortened(reason), Callback.from(() -> {}, failure -> current.abort()));
        }
    }

    /** A close frame has room for 123 bytes (RFC 6455, section 5.5.1). */
    static String shortened(String reason) {
        String clean = reason.replaceAll("\\p{Cntrl}", " ");
        if (bytes(clean) <= MAX_REASON_BYTES) {
            return clean;
        }
        int end = 0;
        int left = MAX_REASON_BYTES - 3;
        while (end < clean.length()) {
            int next = clean.offsetByCodePoints(end, 1);
            left -= bytes(clean.substring(end, next));
            if (left < 0) {
                break;
            }
            end = next;
        }
        return clean.substring(0, end) + "...";
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
