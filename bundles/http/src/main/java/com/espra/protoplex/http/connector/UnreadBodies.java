package com.espra.protoplex.http.connector;

import com.espra.protoplex.http.limits.DirectMemory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.NanoTime;

/**
 * What the clients of all HTTP/2 connections together have sent and no handler has read yet, with the header blocks that are not complete. It
 * lies in direct memory, and HTTP/2 bounds it for each connection only. When all of it is used, whoever has more than an equal share and sends
 * more is disconnected. Its check warns when it stays so: the others are served, but there are handlers that do not read.
 */
public final class UnreadBodies implements HTTP2Session.FrameListener, Connection.Listener, HealthCheck {

    private static final Duration LASTING = Duration.ofMinutes(1);

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
    private final LongAdder cut = new LongAdder();
    private final Duration lasting;
    private volatile boolean full;
    private volatile long since;

    /** With the share that bodies may have of this process's direct memory. */
    public UnreadBodies() {
        this(DirectMemory.limit() / SHARE, LASTING);
    }

    /** @param lasting how long it may be full before the check warns */
    UnreadBodies(long most, Duration lasting) {
        this.most = most;
        this.lasting = lasting;
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

    /** How many clients were disconnected for it. */
    public long cut() {
        return cut.sum();
    }

    /** Counts more bytes, or less. */
    void add(long more) {
        boolean now = bytes.addAndGet(more) > most;
        if (now != full) {
            since = NanoTime.now();
            full = now;
        }
    }

    /** A client is disconnected for it. */
    void cutOne() {
        cut.increment();
    }

    @Override
    public Result execute() {
        long nanos = NanoTime.since(since);
        return full && nanos > lasting.toNanos()
                ? new Result(
                        Result.Status.WARN,
                        "handlers have left unread all that there may be (" + (most >> 20) + " MiB) for "
                                + TimeUnit.NANOSECONDS.toSeconds(nanos)
                                + " s: whoever sends more is disconnected; jcmd "
                                + ProcessHandle.current().pid() + " Thread.dump_to_file FILE shows what they wait for")
                : new Result(Result.Status.OK, "bodies are read");
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
