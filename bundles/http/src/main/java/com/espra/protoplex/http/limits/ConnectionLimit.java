package com.espra.protoplex.http.limits;

import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the open connections of a group. At the bound it stops accepting: new connections wait in the kernel's backlog, and
 * nobody is turned away who would be served a moment later. Keep-alive connections without a request make room quickly then.
 */
public final class ConnectionLimit implements SelectorManager.AcceptListener {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);
    private static final Duration IDLE_WHEN_FULL = Duration.ofSeconds(1);

    /** To ask the JVM how many files there may be takes long; so few there always may. */
    private static final int FEW = 500;

    private final IntSupplier bound;
    private final IntSupplier files;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<ServerConnector> connectors = ConcurrentHashMap.newKeySet();
    private final Object changing = new Object();
    private volatile boolean full;

    /** @param bound how many are configured; it is less where the process may open fewer files */
    public ConnectionLimit(IntSupplier bound) {
        this(bound, OpenFiles::forConnections);
    }

    ConnectionLimit(IntSupplier bound, IntSupplier files) {
        this.bound = bound;
        this.files = files;
    }

    private int most() {
        int configured = bound.getAsInt();
        return open.get() < FEW ? configured : Math.min(configured, files.getAsInt());
    }

    public void watch(ServerConnector connector) {
        synchronized (changing) {
            connectors.add(connector);
            connector.setAccepting(!full);
        }
    }

    public void forget(ServerConnector connector) {
        connectors.remove(connector);
    }

    int open() {
        return open.get();
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        if (open.incrementAndGet() >= most() && !full) {
            stopAccepting();
        }
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        onClosed(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        open.decrementAndGet();
        if (full) {
            acceptAgain();
        }
    }

    private void stopAccepting() {
        synchronized (changing) {
            if (full || open.get() < most()) {
                return;
            }
            full = true;
            LOG.warn(
                    "{} connections are open, as many as limits.connections and the limit of open files (ulimit -n)"
                            + " allow: no more are accepted until some close",
                    open.get());
            for (ServerConnector connector : connectors) {
                connector.setAccepting(false);
                idle(connector, IDLE_WHEN_FULL.toMillis());
            }
        }
    }

    /** A little room first, so that it does not go on and off with every connection. */
    private void acceptAgain() {
        synchronized (changing) {
            int limit = most();
            if (!full || open.get() > limit - 1 - limit / 100) {
                return;
            }
            full = false;
            LOG.info("{} connections are open: new ones are accepted again", open.get());
            for (ServerConnector connector : connectors) {
                connector.setAccepting(true);
                idle(connector, connector.getIdleTimeout());
            }
        }
    }

    private static void idle(ServerConnector connector, long millis) {
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            endPoint.setIdleTimeout(millis);
        }
    }
}
