package com.espra.protoplex.http.listen;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.InFlight;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.channel.ChannelServices;
import com.espra.protoplex.http.channel.PingWheel;
import com.espra.protoplex.http.channel.QueueMemory;
import com.espra.protoplex.http.channel.WriteTurns;
import com.espra.protoplex.http.connector.ClientMemory;
import com.espra.protoplex.http.connector.Handshakes;
import com.espra.protoplex.http.connector.HeadMemory;
import com.espra.protoplex.http.connector.LosslessConnector;
import com.espra.protoplex.http.connector.MalformedRequests;
import com.espra.protoplex.http.connector.UnreadBodies;
import com.espra.protoplex.http.dispatch.CountedBackend;
import com.espra.protoplex.http.dispatch.DispatchHandler;
import com.espra.protoplex.http.dispatch.PublicTraffic;
import com.espra.protoplex.http.dispatch.TableDispatcher;
import com.espra.protoplex.http.door.Door;
import com.espra.protoplex.http.exchange.ErrorResponse;
import com.espra.protoplex.http.exchange.Exchange;
import com.espra.protoplex.http.exchange.UpgradedConnection;
import com.espra.protoplex.http.front.Front;
import com.espra.protoplex.http.limits.Admission;
import com.espra.protoplex.http.limits.ConnectionLimit;
import com.espra.protoplex.http.limits.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.apache.felix.hc.api.HealthCheck;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A group of listeners: their server, their dispatcher, and the bounds that they share. */
public final class ListenerGroup implements AutoCloseable {

    /** The groups that are for operators and nodes, and that a browser on their machine can reach. */
    private static final Set<String> GUARDED = Set.of(Dispatcher.SEED, Dispatcher.META);

    private static final Logger LOG = LoggerFactory.getLogger(ListenerGroup.class);

    /** One for the process, as the next: all groups share its memory. */
    private static final UnreadBodies UNREAD = new UnreadBodies();

    private static final Handshakes HANDSHAKES = new Handshakes();

    private static final QueueMemory QUEUES = QueueMemory.ofThisProcess();

    private final String name;
    private final Server server;
    private final TableDispatcher dispatcher;
    private final ConnectionLimit bound;
    private final ConnectorFactory connectors;
    private final Executor handlerThreads;
    private final RequestLog accessLog;
    private final Set<OpenListener> listeners = ConcurrentHashMap.newKeySet();
    private final Door door = new Door();
    private volatile Limits limits;
    private volatile boolean leaving;
    private volatile @Nullable Front front;

    /**
     * Starts everything but sockets.
     *
     * @param log hears of each request, while the limits say so
     * @throws Exception whatever the server throws at its start
     */
    public ListenerGroup(String name, Limits limits, RequestLog log) throws Exception {
        this(name, limits, log, () -> false);
    }

    /** @param pressure whether the process is so short of something that no request should be let in */
    public ListenerGroup(String name, Limits limits, RequestLog log, BooleanSupplier pressure) throws Exception {
        this.name = name;
        this.limits = limits;
        QueuedThreadPool threads = GroupThreads.of(name, limits);
        server = new Server(threads);
        Admission admission = new Admission(() -> this.limits.requests(), pressure);
        ClientMemory memory = new ClientMemory(new HeadMemory(pressure), UNREAD, HANDSHAKES);
        handlerThreads = GroupThreads.ofHandlers(threads);
        ChannelServices channels = new ChannelServices(
                handlerThreads,
                server.getScheduler(),
                QUEUES,
                new PingWheel(server.getScheduler()),
                new WriteTurns(threads));
        MalformedRequests malformed = new MalformedRequests();
        dispatcher = new TableDispatcher(server, admission::shed, memory::cut, malformed::count, channels);
        bound = new ConnectionLimit(() -> this.limits.connections());
        connectors = new ConnectorFactory(
                server,
                bound,
                memory,
                () -> front,
                new GroupReception.Shared(
                        dispatcher,
                        door,
                        admission,
                        () -> this.limits,
                        malformed,
                        log instanceof AccessLog lines ? lines : null));
        accessLog = log;
        server.setErrorHandler(new ErrorResponse(malformed));
        DispatchHandler dispatch = new DispatchHandler(dispatcher, admission, door);
        dispatcher.entrance(dispatch, handlerThreads);
        server.setHandler(
                GUARDED.contains(name) ? new RebindingGuard(dispatch, name.equals(Dispatcher.META)) : dispatch);
        server.addBean(
                new SlowClientWatch(dispatcher, server::getConnectors, () -> this.limits, server.getScheduler()));
        limit(limits);
        server.start();
    }

    /** The name of the group. */
    public String name() {
        return name;
    }

    /** Where its requests go. */
    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Runs a task as it would run a handler. */
    public Executor handlerThreads() {
        return handlerThreads;
    }

    /** How many requests its handlers have begun, of the versions that are there. */
    public long begun() {
        return dispatcher.begun();
    }

    /** Whether bodies are read. */
    public HealthCheck unreadBodies() {
        return UNREAD;
    }

    public Scheduler scheduler() {
        return server.getScheduler();
    }

    /** Who has the connections of HTTP/1.1 that are opened from now on; null: Jetty. */
    public void front(@Nullable Front next) {
        front = next;
    }

    /** Changes the limits of what comes from now on. Threads stay as they are until the group is made anew. */
    public void limit(Limits next) {
        limits = next;
        server.setRequestLog(next.accessLog() ? accessLog : null);
    }

    /**
     * Opens a socket.
     *
     * @throws IOException if it cannot be bound, or its certificate cannot be used; the message says what to do
     */
    public OpenListener open(ListenerSettings settings) throws IOException {
        LosslessConnector connector = connectors.make(settings, false);
        try {
            start(connector);
        } catch (Exception e) {
            throw new IOException(
                    "listener " + settings.name() + " cannot open " + settings.host() + ":" + settings.port() + " ("
                            + rootMessage(e) + "): stop what uses the port, or set listeners." + settings.name()
                            + ".port",
                    e);
        }
        return opened(new OpenListener(settings, connector.getLocalPort(), this, connector));
    }

    /**
     * Accepts from a socket that others accept from, too.
     *
     * @throws IOException if it cannot be used; the message says what to do
     */
    public OpenListener open(ListenerSettings settings, InheritedSocket socket) throws IOException {
        LosslessConnector connector = connectors.make(settings, true);
        try {
            connector.open(socket.channel());
            start(connector);
        } catch (Exception e) {
            throw new IOException(
                    "listener " + settings.name() + " cannot accept from the socket that this process inherited ("
                            + rootMessage(e) + "): end this process, and its parent starts another",
                    e);
        }
        return opened(new OpenListener(settings, socket.port(), this, connector));
    }

    private void start(ServerConnector connector) throws Exception {
        server.addConnector(connector);
        try {
            connector.start();
        } catch (Exception e) {
            server.removeConnector(connector);
            throw e;
        }
    }

    private OpenListener opened(OpenListener listener) {
        bound.watch(listener.connector());
        listeners.add(listener);
        listener.takeLeave(leaving);
        return listener;
    }

    /** The node is to serve so from now on. */
    public synchronized void standing(NodeStanding now) {
        door.standing(now);
        leaving = now.entrance().compareTo(Entrance.CLOSING) >= 0;
        listeners.forEach(listener -> listener.takeLeave(leaving));
    }

    /** What its clients wait for. */
    public InFlight inFlight() {
        return new PublicTraffic(dispatcher);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    void remove(OpenListener listener) {
        listeners.remove(listener);
        bound.forget(listener.connector());
        server.removeConnector(listener.connector());
        try {
            listener.connector().stop();
        } catch (Exception e) {
            LOG.warn("listener {} failed to stop", listener.name(), e);
        }
    }

    public void closeUpgraded(ServerConnector connector) {
        dispatcher.askToReconnect(connector);
        for (CountedBackend backend : dispatcher.backends()) {
            for (Exchange exchange : backend.flights()) {
                UpgradedConnection upgraded = exchange.upgraded();
                if (upgraded != null
                        && connector.equals(exchange.getConnectionMetaData().getConnector())) {
                    upgraded.askToReconnect();
                }
            }
        }
    }

    /** Stops accepting everywhere, drains, then stops. */
    public void close(Duration deadline) {
        listeners.stream()
                .map(listener -> Thread.ofPlatform().daemon().start(() -> listener.close(deadline)))
                .toList()
                .forEach(ListenerGroup::join);
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("the server of group {} failed to stop", name, e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }

    @Override
    public String toString() {
        return "group " + name;
    }
}
