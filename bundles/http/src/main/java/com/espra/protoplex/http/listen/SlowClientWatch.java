package com.espra.protoplex.http.listen;

import com.espra.protoplex.http.dispatch.CountedBackend;
import com.espra.protoplex.http.dispatch.TableDispatcher;
import com.espra.protoplex.http.exchange.Exchange;
import com.espra.protoplex.http.exchange.ExchangeStream;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.limits.MinimumRate;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second at who is waiting for a client, and ends what is too slow. So a client that drips its header or body, or
 * sips its response, costs a look a second, and everybody else costs nothing.
 */
final class SlowClientWatch extends AbstractLifeCycle {

    private static final Logger LOG = LoggerFactory.getLogger(SlowClientWatch.class);

    private final TableDispatcher dispatcher;
    private final Supplier<Connector[]> connectors;
    private final Supplier<Limits> limits;
    private final Scheduler scheduler;
    private Map<EndPoint, PendingHead> pendingHeads = new HashMap<>();
    private volatile Scheduler.Task next = () -> false;

    /** A connection without a request in flight: what it had sent when the last one ended, and how slow it is since. */
    private static final class PendingHead {
        private long messages = -1;
        private long bytes;
        private MinimumRate rate = new MinimumRate();

        private void restart(long messagesNow, long bytesNow) {
            messages = messagesNow;
            bytes = bytesNow;
            rate = new MinimumRate();
        }
    }

    SlowClientWatch(
            TableDispatcher dispatcher,
            Supplier<Connector[]> connectors,
            Supplier<Limits> limits,
            Scheduler scheduler) {
        this.dispatcher = dispatcher;
        this.connectors = connectors;
        this.limits = limits;
        this.scheduler = scheduler;
    }

    @Override
    protected void doStart() {
        again();
    }

    @Override
    protected void doStop() {
        next.cancel();
    }

    private void again() {
        next = scheduler.schedule(this::tick, 1, TimeUnit.SECONDS);
    }

    private void tick() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.error("the watch over slow clients failed, and goes on in a second", e);
        } finally {
            if (isRunning()) {
                again();
            }
        }
    }

    private void look() {
        Limits now = limits.get();
        Set<Connection> busy = Collections.newSetFromMap(new IdentityHashMap<>());
        for (CountedBackend backend : dispatcher.backends()) {
            for (Exchange exchange : backend.flights()) {
                busy.add(exchange.getConnectionMetaData().getConnection());
                exchange(exchange, now);
            }
        }
        Map<EndPoint, PendingHead> seen = new HashMap<>();
        for (Connector connector : connectors.get()) {
            for (EndPoint endPoint : connector.getConnectedEndPoints()) {
                header(endPoint, busy, now, seen);
            }
        }
        pendingHeads = seen;
    }

    private static void exchange(Exchange exchange, Limits limits) {
        if (exchange.upgraded() != null) {
            return;
        }
        ExchangeStream stream = exchange.stream();
        if (stream.bodyIsSlow(limits)) {
            exchange.tooSlow("The body came slower than " + limits.minBytesPerSecond() + " bytes a second");
        } else if (stream.readerIsSlow(limits)) {
            exchange.tooSlow("The response was read slower than " + limits.minBytesPerSecond() + " bytes a second");
        }
    }

    private void header(EndPoint endPoint, Set<Connection> busy, Limits limits, Map<EndPoint, PendingHead> seen) {
        Connection outer = endPoint.getConnection();
        Connection inner =
                outer instanceof SslConnection tls ? tls.getSslEndPoint().getConnection() : outer;
        if (outer == null || inner == null || busy.contains(inner)) {
            return;
        }
        long messages = messages(inner);
        if (messages < 0) {
            return;
        }
        long bytes = outer.getBytesIn();
        PendingHead head = pendingHeads.getOrDefault(endPoint, new PendingHead());
        seen.put(endPoint, head);
        if (head.messages != messages) {
            head.restart(messages, messages == 0 ? 0 : bytes);
        }
        long begun = bytes - head.bytes;
        if (begun > 0 && head.rate.look(begun, limits)) {
            LOG.debug("{} sent the header of a request slower than it must: closed", endPoint);
            endPoint.close(new TimeoutException("the header of the request came too slowly"));
            seen.remove(endPoint);
        }
    }

    /**
     * How many requests have come; -1 if there is nothing to watch: an upgraded connection, or HTTP/2 after its first request,
     * where bytes come without a request (RFC 9113, sections 6.7 and 6.9) and streams are watched one by one.
     */
    private static long messages(Connection connection) {
        if (connection instanceof NegotiatingServerConnection) {
            return 0;
        }
        if (!(connection instanceof ConnectionMetaData)) {
            return -1;
        }
        long messages = connection.getMessagesIn();
        return connection instanceof HTTP2Connection && messages > 0 ? -1 : messages;
    }
}
