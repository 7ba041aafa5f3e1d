package com.espra.protoplex.relay.upstream;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The connections to all targets, and their bounds. */
public final class Upstream implements AutoCloseable {

    /** Pools beyond these are looked through for some that nobody needs. */
    private static final int MANY = 1024;

    private final Connections connections;
    private final UpstreamLimits limits;
    private final TargetPool.Bounds all = new TargetPool.Bounds(new AtomicInteger(), new AtomicInteger());
    private final ConcurrentHashMap<Origin, TargetPool> pools = new ConcurrentHashMap<>();

    /** @param connections opens them; closed with this */
    public Upstream(Connections connections, UpstreamLimits limits) {
        this.connections = connections;
        this.limits = limits;
    }

    /**
     * Wants a connection to a target.
     *
     * @param connect how long it may take to open one
     */
    public void acquire(Origin origin, Duration connect, Acquirer acquirer) {
        TargetPool pool = pools.get(origin);
        if (pool == null) {
            if (pools.size() >= MANY) {
                pools.values().removeIf(TargetPool::isEmpty);
            }
            pool = pools.computeIfAbsent(origin, any -> new TargetPool(any, connections, limits, all));
        }
        pool.acquire(connect, acquirer);
    }

    /** Connections that are open or being opened, to all targets. */
    public int connections() {
        return all.connections().get();
    }

    /** Requests that wait for a connection. */
    public int waiting() {
        return all.waiting().get();
    }

    @Override
    public void close() {
        connections.close();
    }
}
