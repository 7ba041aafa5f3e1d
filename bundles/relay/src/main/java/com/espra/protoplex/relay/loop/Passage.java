package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Prologue;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.relay.direct.Attempts;
import com.espra.protoplex.relay.direct.DirectedTraffic;
import com.espra.protoplex.relay.head.OwnPage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a target, and its answer back. Nothing is buffered beyond what one side has given in one read and the other did not
 * take at once; until it does, the first is not read. Used again and again; all under the monitor of its {@link Loop}.
 */
final class Passage {

    private static final int MOST_INTERIM = 8;

    /** As much of a body goes along with a head, copied: one write costs less than two. */
    private static final int WITH_HEAD = 16_384;

    private static final byte[] LAST_CHUNK = HeadBuffer.bytes("0\r\n\r\n");

    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int SWITCHING = 101;
    private static final int CONTINUE = 100;
    private static final int FINAL = 200;

    private final Loop loop;
    private final HeadBuffer out = new HeadBuffer();
    private final AnswerEnd body = new AnswerEnd();
    private final PassageClock clock = new PassageClock();
    private int place;

    private @Nullable FrontConnection client;
    private @Nullable Attempts attempts;
    private Decision.HeaderRules rules = Decision.HeaderRules.NONE;
    private Decision.Says says = Decision.Says.USUAL;
    private String id = "";
    private String host = "";
    private boolean isHead;
    private boolean clientCloses;
    private long bodyLeft;
    private boolean bodyTaken;

    private @Nullable Target target;
    private @Nullable TargetConnection connection;
    private byte @Nullable [] partial;
    private int interim;

    private boolean answered;
    private int status;
    private boolean persistent;
    private boolean closes;
    private boolean early;
    private boolean blocked;
    private long bytes;

    Passage(Loop loop) {
        this.loop = loop;
    }

    int place() {
        return place;
    }

    void place(int next) {
        place = next;
    }

    /** The request as it is sent: filled by whoever begins. */
    HeadBuffer out() {
        return out;
    }

    /**
     * Begins.
     *
     * @param restOfBody bytes of the body that are not in {@link #out} yet
     */
    void begin(
            FrontConnection of,
            Attempts ways,
            Decision.Relay relay,
            String itsId,
            String itsHost,
            boolean ofHead,
            boolean closesClient,
            long restOfBody) {
        client = of;
        attempts = ways;
        rules = relay.rules();
        says = relay.says();
        id = itsId;
        host = itsHost;
        isHead = ofHead;
        clientCloses = closesClient;
        bodyLeft = restOfBody;
        bodyTaken = false;
        target = null;
        connection = null;
        partial = null;
        interim = 0;
        answered = false;
        status = 0;
        early = false;
        body.none();
        blocked = false;
        bytes = 0;
        clock.begin(relay.times(), of.minBytesPerSecond());
    }

    /** Tries a target; {@code null}: there is none. */
    void go(@Nullable Target next) {
        target = next;
        if (next == null) {
            refuse();
            return;
        }
        partial = null;
        clock.attempt();
        loop.pool(next.address()).ask(this);
    }

    /** It is given this one, connected or not. */
    void connection(TargetConnection its) {
        clock.turn();
        connection = its;
    }

    /** There is no connection, and there are too many who wait for one. */
    void full() {
        FrontConnection to = client;
        Attempts ways = attempts;
        if (to == null || ways == null) {
            return;
        }
        connection = null;
        ways.over(Outcome.CLIENT);
        refuse(UNAVAILABLE, Outcome.CLIENT);
    }

    /** The connection is there. */
    void send() {
        TargetConnection to = connection;
        if (to == null) {
            return;
        }
        clock.sending();
        try {
            if (to.send(out.view())) {
                sent();
            }
        } catch (IOException e) {
            close(Outcome.CLOSED_EARLY);
        }
    }

    /** What the target was given has gone. */
    void sent() {
        clock.moved();
        FrontConnection from = client;
        if (from == null || answered) {
            return;
        }
        if (bodyLeft == 0) {
            clock.waiting();
        }
        from.watch();
    }

    /** The client has something to read, or has left. */
    void readable() {
        TargetConnection to = connection;
        FrontConnection from = client;
        if (from == null) {
            return;
        }
        if (bodyLeft == 0) {
            from.readAhead();
        } else if (!early && to != null && to.isConnected() && !to.isSending()) {
            pump(from, to);
        }
    }

    private void pump(FrontConnection from, TargetConnection to) {
        ByteBuffer in = from.readBody(bodyLeft);
        if (in == null) {
            return;
        }
        bodyTaken = true;
        bodyLeft -= in.remaining();
        clock.moved(in.remaining());
        try {
            if (to.send(in)) {
                sent();
            }
        } catch (IOException e) {
            close(Outcome.CLOSED_EARLY);
        }
    }

    /** The target sent something. */
    void received(ByteBuffer in) {
        clock.moved();
        if (answered) {
            pass(in, null);
        } else {
            head(in);
        }
    }

    private void head(ByteBuffer in) {
        byte[] all = loop.bytes();
        byte[] before = partial;
        int had = before == null ? 0 : before.length;
        if (before != null) {
            System.arraycopy(before, 0, all, 0, had);
        }
        int more = Math.min(in.remaining(), all.length - had);
        in.get(in.position(), all, had, more);
        WireResponse head = loop.response();
        int end = head.read(all, 0, had + more, isHead);
        int used = end > 0 && head.status() >= FINAL ? prologue(head, end, had + more) : end;
        if (used == WireResponse.INCOMPLETE && had + more < all.length) {
            partial = Arrays.copyOf(all, had + more);
        } else if (used <= 0 || head.status() == SWITCHING) {
            close(Outcome.NONSENSE);
        } else {
            partial = null;
            ByteBuffer rest = rest(all, used, had, in);
            if (head.status() < FINAL) {
                interim(head, end, rest);
            } else {
                answer(head, end, rest);
            }
        }
    }

    /** What comes after the head: what was kept may hold more than it. */
    private static ByteBuffer rest(byte[] all, int used, int had, ByteBuffer in) {
        if (used >= had) {
            return in.position(in.position() + used - had);
        }
        ByteBuffer rest = ByteBuffer.allocate(had - used + in.remaining());
        return rest.put(all, used, had - used).put(in).flip();
    }

    /** Where what is not the client's ends: it is waited for as for the head. */
    private int prologue(WireResponse head, int end, int to) {
        WirePrologue found = loop.prologue();
        found.clear();
        DirectedTraffic now = loop.directors().current();
        Target from = target;
        Prologue wanted = now == null || from == null ? null : now.prologue();
        return wanted == null || from == null
                ? end
                : found.read(head, end, to, wanted, DirectedTraffic.isTaken(wanted, from));
    }

    private void interim(WireResponse head, int end, ByteBuffer in) {
        FrontConnection to = client;
        if (++interim > MOST_INTERIM || to == null) {
            close(Outcome.NONSENSE);
            return;
        }
        if (head.status() != CONTINUE) {
            HeadBuffer answer = loop.out().clear();
            ForwardedHead.answer(head, end, id, false, loop.via(), rules, null, answer);
            if (!to.write(answer.view(), null)) {
                if (client != null) {
                    partial = new byte[in.remaining()];
                    in.get(partial);
                    block();
                }
                return;
            }
        }
        if (in.hasRemaining()) {
            head(in);
        }
    }

    private void answer(WireResponse head, int end, ByteBuffer in) {
        FrontConnection to = client;
        TargetConnection from = connection;
        Attempts ways = attempts;
        if (to == null || from == null || ways == null) {
            return;
        }
        answered = true;
        status = head.status();
        body.begin(head);
        early = bodyLeft > 0 || from.isSending();
        persistent = head.isPersistent() && !early;
        closes = clientCloses || early || to.takesLeave();
        ways.answered(status, clock.answered());
        HeadBuffer answer = loop.out().clear();
        String timing = says.serverTiming() ? clock.timing() : null;
        ForwardedHead.answer(head, end, id, closes, loop.via(), rules, timing, answer);
        WirePrologue found = loop.prologue();
        Target its = target;
        if (its != null) {
            found.tell(its, host);
        }
        if (found.chunkLeft() > 0) {
            byte[] size = HeadBuffer.bytes(Long.toHexString(found.chunkLeft()) + "\r\n");
            body.read(ByteBuffer.wrap(size));
            answer.put(size);
        }
        pass(in, answer);
    }

    private void pass(ByteBuffer in, @Nullable HeadBuffer head) {
        FrontConnection to = client;
        if (to == null) {
            return;
        }
        int begin = in.position();
        int limit = in.limit();
        body.read(in);
        // What comes after the end is nobody's: such a connection is not used again.
        persistent &= in.position() == limit;
        in.limit(in.position()).position(begin);
        bytes += in.remaining();
        clock.moved(in.remaining());
        if (body.isBad()) {
            answered = head == null;
            close(answered ? Outcome.CUT : Outcome.NONSENSE);
            return;
        }
        boolean written;
        if (body.isUntilClose()) {
            written = chunk(to, in, head);
        } else if (head == null) {
            written = !in.hasRemaining() || to.write(in, null);
        } else if (in.remaining() <= WITH_HEAD) {
            written = to.write(head.put(in).view(), null);
        } else {
            written = to.write(head.view(), in);
        }
        if (client == null) {
            return;
        }
        if (!written) {
            block();
        } else if (body.isDone()) {
            finish();
        }
    }

    /** What ends with the target's connection is sent in chunks: so the client sees when it was cut. */
    private boolean chunk(FrontConnection to, ByteBuffer in, @Nullable HeadBuffer head) {
        HeadBuffer whole = head == null ? loop.out().clear() : head;
        if (in.hasRemaining()) {
            whole.put(Integer.toHexString(in.remaining())).line().put(in).line();
        }
        return whole.length() == 0 || to.write(whole.view(), null);
    }

    private void block() {
        blocked = true;
        TargetConnection from = connection;
        if (from != null) {
            from.pause();
        }
    }

    /** The client has taken what was held back. */
    void written() {
        clock.moved();
        blocked = false;
        if (body.isDone()) {
            finish();
            return;
        }
        if (!answered && partial != null) {
            head(ByteBuffer.allocate(0));
        }
        TargetConnection from = connection;
        if (from != null && !blocked) {
            from.resume();
        }
    }

    /** The target has closed. */
    void targetEnded() {
        FrontConnection to = client;
        if (answered && to != null && body.endsWithConnection()) {
            persistent = false;
            boolean written = to.write(loop.out().clear().put(LAST_CHUNK).view(), null);
            if (client == null) {
                return;
            }
            if (written) {
                finish();
            } else {
                block();
            }
        } else {
            close(Outcome.CUT);
        }
    }

    /** The connection is at fault, and is closed. */
    void close(Outcome outcome) {
        TargetConnection its = connection;
        connection = null;
        boolean wasReused = its != null && its.isReused();
        if (its != null) {
            its.close();
        }
        if (answered || outcome == Outcome.NONSENSE || outcome == Outcome.LATE || outcome == Outcome.NO_CONNECTION) {
            failed(outcome);
        } else {
            failed(wasReused && partial == null ? Outcome.CLOSED_UNUSED : Outcome.CLOSED_EARLY);
        }
    }

    /** It came to nothing with this target. */
    void failed(Outcome outcome) {
        FrontConnection to = client;
        Attempts ways = attempts;
        if (to == null || ways == null) {
            return;
        }
        connection = null;
        // Where it has not taken an interim answer, another cannot follow, neither ours nor another target's.
        if (answered || blocked) {
            ways.over(outcome);
            loop.meters().attempted(outcome, isNode());
            loop.counts().failedOne();
            over(answered ? status : BAD_GATEWAY, outcome);
            to.cut();
            return;
        }
        boolean isNode = isNode();
        loop.meters().attempted(outcome, isNode);
        Target next = ways.after(outcome, !bodyTaken);
        // What was made for one kind says too much to the other.
        if (next != null && FrontConnection.isOurs(next) && next.isNode() == isNode) {
            go(next);
        } else {
            if (next != null) {
                ways.over(Outcome.LET_GO);
            }
            refuse();
        }
    }

    private boolean isNode() {
        Target its = target;
        return its != null && its.isNode();
    }

    private void refuse() {
        FrontConnection to = client;
        Attempts ways = attempts;
        if (to == null || ways == null) {
            return;
        }
        Outcome last = ways.last();
        ways.over(Outcome.CLIENT);
        refuse(
                last == null ? UNAVAILABLE : last == Outcome.LATE ? 504 : BAD_GATEWAY,
                last == null ? Outcome.NO_CONNECTION : last);
    }

    private void refuse(int with, Outcome outcome) {
        FrontConnection to = client;
        if (to == null) {
            return;
        }
        loop.counts().failedOne();
        boolean unread = bodyLeft > 0;
        String whose = id;
        loop.meters().answered(with);
        boolean closesIt = clientCloses || unread;
        boolean bodiless = isHead;
        byte[] page = OwnPage.of(says, with, whose);
        over(with, outcome);
        to.fail(with, page, whose, bodiless, closesIt, unread);
    }

    /** The client has left, or is too slow. */
    void clientGone() {
        Attempts ways = attempts;
        TargetConnection its = connection;
        Target waitsFor = target;
        connection = null;
        if (its != null) {
            its.close();
        } else if (waitsFor != null) {
            // This may be another request's before its turn comes.
            loop.pool(waitsFor.address()).leave(this);
        }
        if (ways != null) {
            ways.over(Outcome.CLIENT);
        }
        over(answered ? status : 499, Outcome.CLIENT);
    }

    private void finish() {
        FrontConnection to = client;
        Attempts ways = attempts;
        TargetConnection its = connection;
        connection = null;
        if (ways != null) {
            ways.over(Outcome.ANSWERED);
        }
        loop.counts().relayedOne();
        boolean ends = closes;
        boolean unread = early;
        boolean again = persistent;
        loop.meters().attempted(Outcome.ANSWERED, isNode());
        over(status, Outcome.ANSWERED);
        if (its != null) {
            if (again) {
                its.release(clock.now());
            } else {
                its.close();
            }
        }
        if (to != null) {
            to.next(ends, unread);
        }
    }

    private void over(int with, Outcome outcome) {
        FrontConnection of = client;
        Target last = target;
        if (of == null) {
            return;
        }
        client = null;
        attempts = null;
        target = null;
        partial = null;
        loop.forget(this);
        loop.meters().ended(outcome, clock.sinceBegun());
        of.over(with, bytes, last, outcome, clock);
    }

    /** Looks whether it has taken too long. */
    void look(long now) {
        TargetConnection its = connection;
        FrontConnection of = client;
        if (of == null) {
            return;
        }
        boolean connecting = its == null || !its.isConnected();
        boolean waitsForClient =
                blocked || (its != null && its.isConnected() && bodyLeft > 0 && !early && !its.isSending());
        boolean bodySent = bodyLeft == 0 && its != null && !its.isSending();
        switch (clock.look(now, connecting, answered, bodySent, waitsForClient, of.unwritten())) {
            case IN_TIME -> {}
            case NO_CONNECTION -> {
                Target waitsFor = target;
                if (its == null && waitsFor != null) {
                    loop.pool(waitsFor.address()).leave(this);
                    full();
                } else {
                    close(Outcome.NO_CONNECTION);
                }
            }
            case LATE -> close(answered ? Outcome.CUT : Outcome.LATE);
            case CLIENT -> {
                clientGone();
                of.cut();
            }
        }
    }
}
