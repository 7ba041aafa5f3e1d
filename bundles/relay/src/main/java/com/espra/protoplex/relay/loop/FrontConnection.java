package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.ProxyProtocol;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.http.front.Reception;
import com.espra.protoplex.relay.direct.Attempts;
import com.espra.protoplex.relay.direct.DirectedTraffic;
import com.espra.protoplex.relay.head.OwnPage;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection: reads heads, relays what is to be relayed, and becomes Jetty's with the first request that it does not serve itself.
 * While a client says nothing it has no buffer. All under the monitor of its {@link Loop}, which is nearly never held by another thread.
 */
final class FrontConnection extends AbstractConnection implements Connection.UpgradeFrom, ClientSocket.Events {

    private static final Logger LOG = LoggerFactory.getLogger(FrontConnection.class);

    /** What a client may send on after an answer that ends its connection: so that it reads the answer before it hears of the end. */
    private static final int LINGER_BYTES = 1 << 18;

    private static final int LINGER_MILLIS = 2_000;

    /** However much or little of it comes. */
    private static final int LINGER_MOST_MILLIS = 5_000;

    private final Loop loop;
    private final Reception reception;
    private final ClientSocket socket;
    private final boolean secure;
    private ClientAddress client = ClientAddress.NONE;

    /** Of the request that is under way: of the connection's other side, unless a load balancer is there. */
    private ClientAddress whose = ClientAddress.NONE;

    private boolean whoseSecure;
    private boolean balanced;

    private byte @Nullable [] rest;
    private @Nullable Passage passage;
    private @Nullable FrontEntry entry;
    private boolean taking;
    private boolean over;
    private boolean lingers;
    private int lingered;
    private long lingersSince;
    private @Nullable Runnable afterWrite;

    FrontConnection(Loop loop, Reception reception, EndPoint endPoint) {
        super(endPoint, loop.executor());
        this.loop = loop;
        this.reception = reception;
        this.secure = endPoint.isSecure();
        this.whoseSecure = secure;
        this.socket = new ClientSocket(loop, endPoint, this);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        synchronized (loop) {
            SocketAddress peer = getEndPoint().getRemoteSocketAddress();
            client = ClientAddress.of(peer);
            whose = client;
            balanced = reception.forwarders().trusts(peer);
            socket.ask();
        }
    }

    @Override
    public void onFillable() {
        throw new IllegalStateException("its end point tells its socket");
    }

    @Override
    public void readable() {
        if (over) {
            return;
        }
        if (lingers) {
            linger();
        } else if (passage != null) {
            passage.readable();
        } else {
            read();
        }
    }

    private void read() {
        ByteBuffer in = loop.headIn();
        int count = socket.read(in);
        if (count < 0) {
            end();
        } else if (count == 0) {
            socket.ask();
        } else {
            byte[] bytes = loop.bytes();
            in.get(bytes, 0, count);
            take(bytes, 0, count);
        }
    }

    /** Goes through requests that have come, until one is under way, or no whole one is left. */
    private void take(byte[] bytes, int begin, int to) {
        taking = true;
        try {
            int from = begin;
            int end = to;
            while (true) {
                rest = null;
                head(bytes, from, end);
                byte[] next = rest;
                if (over || lingers || passage != null || afterWrite != null) {
                    return;
                }
                if (next == null) {
                    socket.ask();
                    return;
                }
                from = 0;
                end = next.length;
                System.arraycopy(next, 0, bytes, 0, end);
            }
        } finally {
            taking = false;
        }
    }

    private void head(byte[] bytes, int from, int to) {
        WireRequest head = loop.request();
        switch (head.read(bytes, from, to)) {
            case INCOMPLETE, OTHER -> handOver(bytes, from, to);
            case BAD -> {
                reception.malformed(String.valueOf(client.socket()), head.reason());
                loop.counts().refusedOne();
                logBad(head.status());
                refuse(head.status(), head.reason());
            }
            case SOUND -> sound(head, bytes, from, to);
        }
    }

    private void sound(WireRequest head, byte[] bytes, int from, int to) {
        LoopRequest shown = loop.shown();
        shown.begin(secure, client.socket());
        if (balanced) {
            forClient(shown);
        }
        DirectedTraffic director = loop.directors().current();
        String path = director == null ? null : shown.canonicalPath();
        if (director == null
                || path == null
                || reception.isClosed()
                || head.length() > reception.bodyBytes()
                || reception.claims(shown.host(), path)
                || !reception.enter()) {
            handOver(bytes, from, to);
            return;
        }
        String id = reception.id(shown.first("x-request-id"));
        shown.named(id);
        Decision decision;
        try {
            decision = director.direct(shown);
        } catch (RuntimeException e) {
            // Jetty's path asks once more, and answers for what it throws.
            LOG.debug("the director failed", e);
            reception.leave();
            handOver(bytes, from, to);
            return;
        }
        if (!(decision instanceof Decision.Relay relay) || relay.says().announced() != ProxyProtocol.NONE) {
            reception.leave();
            Connection jetty = reception.jetty(getEndPoint(), to - from);
            loop.directors().handedOver().put(getEndPoint(), jetty, shown, decision, director);
            handOver(bytes, from, to, jetty);
        } else if (!relay(director, relay, id, head, bytes, to)) {
            // One of its targets is spent: the director is asked anew.
            reception.leave();
            handOver(bytes, from, to);
        }
    }

    /** It comes from a load balancer, which says whose request it is. */
    private void forClient(LoopRequest shown) {
        Forwarders.Client its = reception
                .forwarders()
                .client(shown.client(), secure, shown.headers("x-forwarded-for"), shown.headers("x-forwarded-proto"));
        whose = ClientAddress.of(its.address());
        whoseSecure = its.secure();
        shown.begin(whoseSecure, its.address());
    }

    private boolean relay(
            DirectedTraffic director, Decision.Relay relay, String id, WireRequest head, byte[] bytes, int to) {
        LoopRequest shown = loop.shown();
        String method = shown.method();
        Attempts ways = new Attempts(director.follow(relay), loop.budget(), Answers.isIdempotent(method));
        Target first = ways.first();
        boolean ruled =
                !relay.rules().request().isEmpty() || !relay.rules().response().isEmpty();
        String proof = first != null && first.isNode() ? proof(first) : "";
        if (first != null && (!isOurs(first) || proof == null || (ruled && !Answers.isAllowed(relay.rules())))) {
            ways.over(Outcome.LET_GO);
            return false;
        }
        Passage next = loop.passage();
        passage = next;
        entry = new FrontEntry(
                method,
                reception.logs() ? shown.path() : "",
                reception.logs() && shown.hasQuery(),
                reception.logs() ? shown.first("user-agent") : null,
                id,
                System.nanoTime());
        HeadBuffer out = next.out().clear();
        boolean hasBody = head.length() > 0 || shown.first("content-length") != null;
        if (proof == null || proof.isEmpty()) {
            ForwardedHead.request(head, hasBody, id, whose.forwarded(), whoseSecure, loop.via(), relay.rules(), out);
        } else {
            ForwardedHead.node(head, hasBody, id, whose.peer(), whoseSecure, loop.via(), relay.rules(), proof, out);
        }
        int body = (int) Math.min(head.length(), to - head.end());
        out.put(bytes, head.end(), head.end() + body);
        int end = head.end() + body;
        rest = end < to ? Arrays.copyOfRange(bytes, end, to) : null;
        next.begin(this, ways, relay, id, shown.host(), "HEAD".equals(method), head.closes(), head.length() - body);
        next.go(first);
        return true;
    }

    /** By what other nodes believe this one; {@code null}: there is nothing, and Jetty's path says why. */
    private @Nullable String proof(Target node) {
        try {
            return loop.proof().of(node);
        } catch (IOException e) {
            LOG.debug("no proof for another node", e);
            return null;
        }
    }

    /** Whether a target is one that is served here: the others are left to Jetty's path. */
    static boolean isOurs(Target target) {
        return "http".equals(target.address().getScheme()) && target.address().getHost() != null;
    }

    long minBytesPerSecond() {
        return reception.minBytesPerSecond();
    }

    boolean takesLeave() {
        return reception.takesLeave();
    }

    /** Wants to hear of the next part of the body, or that the client leaves. What came with the request is served first. */
    void watch() {
        if (rest == null) {
            socket.ask();
        }
    }

    /** Reads of a body, and not beyond; {@code null}: there is nothing now, or the client has left. */
    @Nullable
    ByteBuffer readBody(long most) {
        ByteBuffer in = loop.in();
        in.clear();
        ByteBuffer part = most < in.capacity() ? in.slice(0, (int) most) : in;
        int count = socket.read(part);
        if (count > 0) {
            return part;
        }
        if (count < 0) {
            gone();
        } else {
            socket.ask();
        }
        return null;
    }

    /** While an answer is waited for: the client has left, or has sent its next request already. That one waits, and no more is read. */
    void readAhead() {
        ByteBuffer in = loop.headIn();
        int count = socket.read(in);
        if (count < 0) {
            gone();
        } else if (count == 0) {
            socket.ask();
        } else {
            byte[] next = new byte[count];
            in.get(next);
            rest = next;
        }
    }

    /** Whether all is written; else the passage hears when it is. */
    boolean write(ByteBuffer first, @Nullable ByteBuffer second) {
        return socket.write(first, second);
    }

    int unwritten() {
        return socket.unwritten();
    }

    @Override
    public void written() {
        Runnable next = afterWrite;
        afterWrite = null;
        if (over) {
            return;
        }
        if (next != null) {
            next.run();
        } else if (passage != null) {
            passage.written();
        }
    }

    /** The request is over: its place is free, and it is logged. */
    void over(int status, long bytes, @Nullable Target by, Outcome outcome, PassageClock clock) {
        passage = null;
        FrontEntry its = entry;
        entry = null;
        reception.leave();
        if (its != null && reception.logs()) {
            reception.log(its.line(whose.socket(), status, bytes, clock.note(Answers.name(by), outcome)));
        }
    }

    /** The answer was written: the next request, or the end. */
    void next(boolean ends, boolean unread) {
        if (ends) {
            end(unread);
            return;
        }
        byte[] more = rest;
        if (more == null) {
            if (!taking) {
                socket.ask();
            }
        } else if (!taking) {
            System.arraycopy(more, 0, loop.bytes(), 0, more.length);
            take(loop.bytes(), 0, more.length);
        }
    }

    /** No target has answered. */
    void fail(int status, byte @Nullable [] page, String id, boolean ofHead, boolean closes, boolean unread) {
        HeadBuffer out = loop.out().clear();
        byte[] body = page == null ? Answers.failure(status, id) : page;
        boolean ends = closes || takesLeave();
        Answers.write(status, page == null ? Answers.PROBLEM : OwnPage.TYPE, body, ofHead, id, ends, out);
        answer(out, ends, unread);
    }

    private void refuse(int status, String reason) {
        HeadBuffer out = loop.out().clear();
        Answers.write(status, Answers.PROBLEM, Answers.refusal(reason), false, "", true, out);
        answer(out, true, true);
    }

    private void answer(HeadBuffer out, boolean closes, boolean unread) {
        boolean all = socket.write(out.view(), null);
        if (over) {
            return;
        }
        if (all) {
            next(closes, unread);
        } else {
            afterWrite = () -> next(closes, unread);
        }
    }

    private void logBad(int status) {
        if (reception.logs()) {
            reception.log(new FrontEntry("-", "-", false, null, "-", System.nanoTime())
                    .line(client.socket(), status, 0, null));
        }
    }

    private void end(boolean unread) {
        if (!unread) {
            end();
            return;
        }
        lingers = true;
        lingersSince = System.nanoTime();
        rest = null;
        getEndPoint().setIdleTimeout(LINGER_MILLIS);
        getEndPoint().shutdownOutput();
        socket.ask();
    }

    private void linger() {
        ByteBuffer in = loop.headIn();
        int count = socket.read(in);
        lingered += Math.max(0, count);
        long left = LINGER_MOST_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lingersSince);
        if (count < 0 || lingered > LINGER_BYTES || left <= 0) {
            end();
        } else {
            if (left < LINGER_MILLIS) {
                getEndPoint().setIdleTimeout(left);
            }
            socket.ask();
        }
    }

    /** The answer cannot be finished: the client is to see that. */
    void cut() {
        end();
    }

    private void end() {
        over = true;
        rest = null;
        getEndPoint().close();
    }

    private void gone() {
        Passage its = passage;
        if (its != null) {
            its.clientGone();
        }
        end();
    }

    @Override
    public void broken() {
        if (!over) {
            gone();
        }
    }

    private void handOver(byte[] bytes, int from, int to) {
        handOver(bytes, from, to, reception.jetty(getEndPoint(), to - from));
    }

    private void handOver(byte[] bytes, int from, int to, Connection jetty) {
        loop.counts().handedOne();
        over = true;
        rest = Arrays.copyOfRange(bytes, from, to);
        getEndPoint().upgrade(jetty);
    }

    @Override
    public @Nullable ByteBuffer onUpgradeFrom() {
        byte[] all = rest;
        rest = null;
        return all == null ? null : ByteBuffer.wrap(all);
    }

    /** Silence is the target's affair while it is asked; else the client's. */
    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        synchronized (loop) {
            return passage == null;
        }
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        synchronized (loop) {
            if (!over) {
                gone();
            }
        }
    }
}
