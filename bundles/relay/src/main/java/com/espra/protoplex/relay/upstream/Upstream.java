package com.espra.protoplex.relay.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The connections to all targets, and their bounds. */
public final class Upstream implements AutoCloseable {

    /** Pools beyond these are looked through for some that nobody needs. */
    private static final int MANY = 1024;

    private final Opening opening;
    private final UpstreamLimits limits;
    private final TargetPool.Bounds all = new TargetPool.Bounds(new AtomicInteger(), new AtomicInteger());
    private final ConcurrentHashMap<TargetKey, TargetPool> pools = new ConcurrentHashMap<>();

    private volatile @Nullable Connections connections;
    private boolean closed;

    /** Makes what opens connections, when the first is wanted: a node that relays nothing pays nothing. */
    public interface Opening {

        Connections open() throws IOException;
    }

    public Upstream(Opening opening, UpstreamLimits limits) {
        this.opening = opening;
        this.limits = limits;
    }

    /**
     * Wants a connection to a target.
     *
     * @param connect how long it may take to open one
     */
    public void acquire(TargetKey origin, Duration connect, Acquirer acquirer) {
        TargetPool pool = pools.get(origin);
        if (pool == null) {
            if (pools.size() >= MANY) {
                pools.values().removeIf(TargetPool::isEmpty);
            }
            Connections ready;
            try {
                ready = ready();
            } catch (IOException e) {
                acquirer.unreachable(e);
                return;
            }
            pool = pools.computeIfAbsent(origin, any -> new TargetPool(any, ready, limits, all));
        }
        pool.acquire(connect, acquirer);
    }

    private synchronized Connections ready() throws IOException {
        Connections made = connections;
        if (closed) {
            throw new IOException("this node stops");
        }
        if (made == null) {
            made = opening.open();
            connections = made;
        }
        return made;
    }

    /** Connections that are open or being opened, to all targets. */
    public int connections() {
        return all.connections().get();
    }

    /** Those of them that nobody uses just now. It looks at each pool: not for the way of a request. */
    public int resting() {
        return pools.values().stream().mapToInt(TargetPool::resting).sum();
    }

    /** Requests that wait for a connection. */
    public int waiting() {
        return all.waiting().get();
    }

    @Override
    public synchronized void close() {
        closed = true;
        Connections made = connections;
        if (made != null) {
            made.close();
        }
    }
}
