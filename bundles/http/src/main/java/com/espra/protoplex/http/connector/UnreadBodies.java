package com.espra.protoplex.http.connector;

import com.espra.protoplex.http.limits.DirectMemory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;

/**
 * What the clients of all HTTP/2 connections together have sent and no handler has read yet. It lies in direct memory, and HTTP/2 bounds it
 * for each connection only. When all of it is used, whoever has more than an equal share and sends more is disconnected.
 */
public final class UnreadBodies implements HTTP2Session.FrameListener, Connection.Listener {

    /** Of the direct memory; the rest is for what is being read and written just now. */
    private static final int SHARE = 4;

    /** So many connections may fill their windows before any is disconnected. */
    private static final int FULL_WINDOWS = 128;

    private static final int MOST_WINDOW = 1 << 20;

    /** RFC 9113, section 6.9.2: the window of a connection cannot be smaller. */
    private static final int LEAST_WINDOW = 65535;

    private final long most;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();

    /** With the share that bodies may have of this process's direct memory. */
    public UnreadBodies() {
        this(DirectMemory.limit() / SHARE);
    }

    UnreadBodies(long most) {
        this.most = most;
    }

    /** Bounds the connections of a factory, and sizes their windows by the bound. */
    public <F extends AbstractHTTP2ServerConnectionFactory> F bound(F factory) {
        int window = Math.clamp(most / FULL_WINDOWS, LEAST_WINDOW, MOST_WINDOW);
        factory.setInitialSessionRecvWindow(window);
        factory.setInitialStreamRecvWindow(window == LEAST_WINDOW ? window : window / 2);
        factory.setFlowControlStrategyFactory(() -> new BoundedFlowControl(this));
        factory.addEventListener(this);
        factory.addBean(this, false);
        return factory;
    }

    /** How many bytes there are now. */
    public long bytes() {
        return bytes.get();
    }

    /** Counts more bytes, or less. */
    void add(long more) {
        bytes.addAndGet(more);
    }

    /** Whether a connection that has so many should have no more. */
    boolean isTooMuch(long ofConnection) {
        return bytes.get() > most && ofConnection > most / Math.max(1, connections.get());
    }

    @Override
    public void onOpened(Connection connection) {
        connections.incrementAndGet();
    }

    @Override
    public void onClosed(Connection connection) {
        connections.decrementAndGet();
        if (connection instanceof HTTP2Connection http2
                && http2.getSession().getFlowControlStrategy() instanceof BoundedFlowControl flow) {
            flow.close();
        }
    }

    @Override
    public void onIncomingFrame(Session session, Frame frame) {
        if (session instanceof HTTP2Session http2
                && http2.getFlowControlStrategy() instanceof BoundedFlowControl flow) {
            flow.count(http2, frame);
        }
    }
}
