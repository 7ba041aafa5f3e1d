package com.espra.protoplex.relay.loop;

import com.espra.protoplex.relay.upstream.UpstreamLimits;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the loops of a node have done. Safe from any thread. */
public final class LoopCounts {

    private final AtomicInteger connections = new AtomicInteger();
    private final LongAdder underWay = new LongAdder();
    private final LongAdder relayed = new LongAdder();
    private final LongAdder handed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Connections to targets. */
    public int connections() {
        return connections.get();
    }

    /** Whether one more may be opened, of all loops and to any target; it is {@link #closed} later. */
    boolean opens() {
        if (connections.incrementAndGet() <= UpstreamLimits.USUAL.allConnections()) {
            return true;
        }
        connections.decrementAndGet();
        return false;
    }

    void closed() {
        connections.decrementAndGet();
    }

    /** Requests that are under way. */
    public long underWay() {
        return underWay.sum();
    }

    /** Requests that were relayed to their end. */
    public long relayed() {
        return relayed.sum();
    }

    /** Connections that were given to Jetty. */
    public long handed() {
        return handed.sum();
    }

    /** Requests that were refused because they are no sound HTTP. */
    public long refused() {
        return refused.sum();
    }

    /** Requests whose targets failed. */
    public long failed() {
        return failed.sum();
    }

    void begun() {
        underWay.increment();
    }

    void ended() {
        underWay.decrement();
    }

    void relayedOne() {
        relayed.increment();
    }

    void handedOne() {
        handed.increment();
    }

    void refusedOne() {
        refused.increment();
    }

    void failedOne() {
        failed.increment();
    }
}
