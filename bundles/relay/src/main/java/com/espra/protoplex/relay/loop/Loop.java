package com.espra.protoplex.relay.loop;

import com.espra.protoplex.http.front.Reception;
import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.direct.RetryBudget;
import com.espra.protoplex.relay.handler.RelayMeters;
import com.espra.protoplex.relay.head.NodeProof;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the connections of one selector share: buffers, connections to targets, a clock. Its clients' and its targets' events come from one
 * thread, one after the other, so nearly nothing ever waits for another; whoever else comes (a clock, a name that was looked up, TLS that had
 * more in its buffer) synchronizes on this, as they all do.
 */
final class Loop {

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    /** What is read at once of a body. */
    private static final int READ_BYTES = 65_536;

    /** What is read at once of what begins with a head: it may have to be given on to Jetty. */
    private static final int FIRST_BYTES = 16_384;

    /** How large a head may be, ours or a target's. */
    static final int HEAD_BYTES = 65_536;

    private static final int FREE_PASSAGES = 256;
    private static final int TICK_MILLIS = 200;

    private final ManagedSelector selector;
    private final Executor executor;
    private final Scheduler scheduler;
    private final Directors directors;
    private final RetryBudget budget;
    private final LoopCounts counts;
    private final RelayMeters meters;
    private final NodeProof proof;
    private final byte[] via;

    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final ByteBuffer headIn = ByteBuffer.allocateDirect(FIRST_BYTES);
    private final byte[] bytes = new byte[HEAD_BYTES];
    private final HeadBuffer out = new HeadBuffer();
    private final WireRequest request;
    private final LoopRequest shown;
    private final WireResponse response = new WireResponse();
    private final WirePrologue prologue = new WirePrologue();
    private final Map<URI, KeptConnections> pools = new HashMap<>();
    private final List<Passage> passages = new ArrayList<>();
    private final ArrayDeque<Passage> free = new ArrayDeque<>();
    private boolean ticking;

    /** @param via this node, in Via */
    Loop(
            ManagedSelector selector,
            Reception first,
            Directors directors,
            RetryBudget budget,
            LoopCounts counts,
            RelayMeters meters,
            NodeProof proof,
            String via) {
        this.selector = selector;
        this.executor = first.executor();
        this.scheduler = first.scheduler();
        this.directors = directors;
        this.budget = budget;
        this.counts = counts;
        this.meters = meters;
        this.proof = proof;
        this.via = ForwardedHead.via(via);
        request = new WireRequest(Math.min(first.headBytes(), HEAD_BYTES));
        shown = new LoopRequest(request);
    }

    ManagedSelector selector() {
        return selector;
    }

    Executor executor() {
        return executor;
    }

    Directors directors() {
        return directors;
    }

    RetryBudget budget() {
        return budget;
    }

    LoopCounts counts() {
        return counts;
    }

    NodeProof proof() {
        return proof;
    }

    RelayMeters meters() {
        return meters;
    }

    /** The line Via of this node. */
    byte[] via() {
        return via;
    }

    /** What is read from a socket, until the event is over. Position and limit are whatever the last use left. */
    ByteBuffer in() {
        return in;
    }

    /** What is read of a client between two requests; as the other one. */
    ByteBuffer headIn() {
        return headIn;
    }

    /** A head as bytes, until the event is over. */
    byte[] bytes() {
        return bytes;
    }

    /** What stood before an answer's body, until the event is over. */
    WirePrologue prologue() {
        return prologue;
    }

    /** What is sent to a client, until the event is over. */
    HeadBuffer out() {
        return out;
    }

    WireRequest request() {
        return request;
    }

    LoopRequest shown() {
        return shown;
    }

    WireResponse response() {
        return response;
    }

    KeptConnections pool(URI target) {
        KeptConnections pool = pools.get(target);
        if (pool == null) {
            pool = new KeptConnections(this, target);
            pools.put(target, pool);
        }
        return pool;
    }

    /** A passage that nobody uses. */
    Passage passage() {
        Passage next = free.pollLast();
        next = next == null ? new Passage(this) : next;
        next.place(passages.size());
        counts.begun();
        passages.add(next);
        tickLater();
        return next;
    }

    /** It is over. */
    void forget(Passage passage) {
        counts.ended();
        int place = passage.place();
        Passage last = passages.removeLast();
        if (!last.equals(passage)) {
            passages.set(place, last);
            last.place(place);
        }
        if (free.size() < FREE_PASSAGES) {
            free.addLast(passage);
        }
    }

    /** There is something that time may end. */
    void tickLater() {
        if (!ticking) {
            ticking = true;
            scheduler.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void tick() {
        ticking = false;
        try {
            long now = System.nanoTime();
            // From the end: one that ends takes the last one's place.
            for (int i = passages.size() - 1; i >= 0; i--) {
                if (i < passages.size()) {
                    passages.get(i).look(now);
                }
            }
            for (Iterator<KeptConnections> each = pools.values().iterator(); each.hasNext(); ) {
                if (each.next().isUnused(now)) {
                    each.remove();
                }
            }
        } catch (RuntimeException e) {
            LOG.error("the clock of a loop failed, and goes on", e);
        }
        if (!passages.isEmpty() || !pools.isEmpty()) {
            tickLater();
        }
    }
}
