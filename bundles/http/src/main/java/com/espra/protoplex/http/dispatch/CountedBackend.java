package com.espra.protoplex.http.dispatch;

import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.channel.ChannelRequest;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.http.StreamFlight;
import com.espra.protoplex.api.stream.StreamHandler;
import com.espra.protoplex.http.channel.ChannelHandler;
import com.espra.protoplex.http.channel.ChannelOwner;
import com.espra.protoplex.http.channel.UnitChannels;
import com.espra.protoplex.http.exchange.Exchange;
import com.espra.protoplex.http.exchange.ExchangeBackend;
import com.espra.protoplex.http.exchange.UpgradedConnection;
import com.espra.protoplex.routing.RouteTable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The traffic of one generation. What is in flight is kept, not only counted, so that a drain can break it off. */
public final class CountedBackend implements ExchangeBackend, ChannelOwner {

    private static final Logger LOG = LoggerFactory.getLogger(CountedBackend.class);

    private final TableDispatcher dispatcher;
    private final Server server;
    private final String unit;
    private final String generation;
    private final Set<Exchange> flights = ConcurrentHashMap.newKeySet();
    private final AtomicInteger channels = new AtomicInteger();
    private final StreamFlights streams = new StreamFlights();
    private final UnitChannels unitChannels;
    private final LongAdder served = new LongAdder();
    private final EndedRequests ended;
    private final CopyOnWriteArrayList<CompletableFuture<Long>> drains = new CopyOnWriteArrayList<>();
    private final Deque<Handler> started = new ArrayDeque<>();
    private volatile List<Endpoint> endpoints = List.of();
    private volatile RouteTable<ChannelReceiver> receiverTable = new RouteTable<>(Map.of());

    /** Changed by one after the other, as the endpoints are. */
    private volatile Map<Route, ChannelReceiver> receivers = Map.of();

    CountedBackend(
            TableDispatcher dispatcher,
            Server server,
            String unit,
            String generation,
            EndedRequests ended,
            UnitChannels unitChannels) {
        this.dispatcher = dispatcher;
        this.server = server;
        this.unit = unit;
        this.generation = generation;
        this.ended = ended;
        this.unitChannels = unitChannels;
    }

    @Override
    public String unit() {
        return unit;
    }

    @Override
    public String generation() {
        return generation;
    }

    @Override
    public void start(Handler handler) throws Exception {
        handler.setServer(server);
        try {
            handler.start();
        } catch (Exception e) {
            stopQuietly(handler);
            throw e;
        }
        synchronized (started) {
            started.push(handler);
        }
    }

    @Override
    public void stop(Handler handler) {
        boolean ours;
        synchronized (started) {
            ours = started.remove(handler);
        }
        if (ours) {
            stopQuietly(handler);
        }
    }

    @Override
    public Handler channels(ChannelReceiver receiver) {
        return new ChannelHandler(unitChannels, receiver);
    }

    @Override
    public Handler streams(StreamHandler handler) {
        return new StreamMarker(handler);
    }

    @Override
    public void serve(List<Endpoint> next) {
        List<Endpoint> copy = List.copyOf(next);
        Map<Route, ChannelReceiver> receivers = receivers(copy);
        dispatcher.serve(this, () -> {
            endpoints = copy;
            receive(receivers);
        });
    }

    private static Map<Route, ChannelReceiver> receivers(List<Endpoint> endpoints) {
        Map<Route, ChannelReceiver> receivers = new HashMap<>();
        for (Endpoint endpoint : endpoints) {
            if (endpoint.handler() instanceof ChannelHandler channels) {
                endpoint.routes().forEach(route -> receivers.putIfAbsent(RouteTable.claim(route), channels.receiver()));
            }
        }
        return receivers;
    }

    private void receive(Map<Route, ChannelReceiver> next) {
        if (!areReceivers(next)) {
            receivers = next;
            receiverTable = new RouteTable<>(next);
            if (dispatcher.isLive(this)) {
                unitChannels.refresh();
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // Receivers are told apart by nothing that they say of themselves.
    private boolean areReceivers(Map<Route, ChannelReceiver> others) {
        Map<Route, ChannelReceiver> mine = receivers;
        return mine.size() == others.size()
                && others.entrySet().stream().allMatch(other -> mine.get(other.getKey()) == other.getValue());
    }

    @Override
    public @Nullable ChannelReceiver receiver(ChannelRequest request) {
        return receiverTable.match(request.host(), request.path());
    }

    @Override
    public void enter() {
        channels.incrementAndGet();
    }

    @Override
    public void exit() {
        channels.decrementAndGet();
        completeDrains();
    }

    UnitChannels unitChannels() {
        return unitChannels;
    }

    @Override
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    @Override
    public long inFlight() {
        return flights.size() + (long) channels.get() + streams.count();
    }

    /** What is in flight, by its kind. */
    record Counts(long requests, long channels, long streams) {}

    Counts counts() {
        return new Counts(flights.size(), channels.get(), streams.count());
    }

    @Override
    public long served() {
        return served.sum();
    }

    /** What is in flight now, weakly consistent. */
    public Set<Exchange> flights() {
        return flights;
    }

    EndedRequests ended() {
        return ended;
    }

    /** Counts a request. The caller then checks that the table still leads here, else {@link #leave}s again. */
    void enter(Exchange exchange) {
        flights.add(exchange);
    }

    /** The request stays. */
    void began() {
        served.increment();
    }

    /** The request goes on to another backend. */
    void handOn(Exchange exchange) {
        flights.remove(exchange);
    }

    @Override
    public void leave(Exchange exchange) {
        // One that was broken off has been taken out, and one that goes elsewhere never began here.
        if (flights.remove(exchange) && exchange.backend() == this) {
            count(exchange);
        }
        completeDrains();
    }

    @Override
    public void handOver(Exchange exchange) {
        flights.remove(exchange);
        completeDrains();
    }

    /** Counts a connection of a stream listener. The caller then checks that the table still leads here, else {@link #leave}s again. */
    StreamEntry enter(StreamFlight flight) {
        return streams.enter(flight);
    }

    void leave(StreamEntry entry) {
        streams.leave(entry);
        completeDrains();
    }

    private void completeDrains() {
        if (!drains.isEmpty() && idle()) {
            drains.forEach(drain -> drain.complete(0L));
        }
    }

    private void count(Exchange exchange) {
        ended.add(exchange.status(), System.nanoTime() - exchange.getBeginNanoTime());
    }

    /**
     * The size is summed from stripes and may miss one that has just come, so it only says whether a look is worth while; the
     * iterator sees every exchange that entered before the table changed and has not left.
     */
    private boolean idle() {
        return channels.get() == 0
                && streams.isEmpty()
                && flights.size() <= 64
                && !flights.iterator().hasNext();
    }

    @Override
    public CompletableFuture<Long> drain(Duration deadline) {
        CompletableFuture<Long> drain = new CompletableFuture<>();
        drains.add(drain);
        streams.askToLeave();
        if (idle()) {
            drain.complete(0L);
        }
        Scheduler.Task timeout = server.getScheduler()
                .schedule(
                        () -> Thread.ofPlatform()
                                .daemon()
                                .name("break off " + this)
                                .start(() -> breakOff(drain)),
                        Math.max(0, deadline.toMillis()),
                        TimeUnit.MILLISECONDS);
        return drain.whenComplete((broken, failure) -> {
            timeout.cancel();
            drains.removeIf(CompletableFuture::isDone);
        });
    }

    /** As a drain, but breaks off nothing; connections that would not end by themselves are asked to. */
    CompletableFuture<Long> idle(Duration limit) {
        CompletableFuture<Long> idle = new CompletableFuture<>();
        drains.add(idle);
        flights.stream().map(Exchange::upgraded).filter(Objects::nonNull).forEach(UpgradedConnection::askToReconnect);
        streams.askToLeave();
        if (idle()) {
            idle.complete(0L);
        }
        Scheduler.Task timeout = server.getScheduler()
                .schedule(() -> idle.complete(inFlight()), Math.max(0, limit.toMillis()), TimeUnit.MILLISECONDS);
        return idle.whenComplete((left, failure) -> {
            timeout.cancel();
            drains.removeIf(CompletableFuture::isDone);
        });
    }

    /** It gets new requests again (a roll-back): nothing is broken off any more. */
    void undrain() {
        drains.forEach(drain -> drain.complete(0L));
    }

    private void breakOff(CompletableFuture<Long> drain) {
        // From here on the drain ends with the count of what is broken off, not with the last of it.
        drains.removeIf(drain::equals);
        long broken = dispatcher.isLive(this) ? 0 : unitChannels.breakOff(this);
        broken += dispatcher.isLive(this) ? 0 : streams.breakOff();
        for (Exchange exchange : dispatcher.isLive(this) ? List.<Exchange>of() : List.copyOf(flights)) {
            if (flights.remove(exchange)) {
                exchange.breakOff();
                count(exchange);
                broken++;
            }
        }
        if (broken > 0) {
            LOG.warn("{}: {} requests or connections were in flight at the deadline: broken off", this, broken);
        }
        drain.complete(broken);
    }

    @Override
    public void close() {
        dispatcher.close(this);
        while (true) {
            Handler handler;
            synchronized (started) {
                handler = started.poll();
            }
            if (handler == null) {
                break;
            }
            stopQuietly(handler);
        }
        endpoints = List.of();
        receivers = Map.of();
        receiverTable = new RouteTable<>(Map.of());
    }

    private void stopQuietly(Handler handler) {
        try {
            handler.stop();
        } catch (Exception e) {
            LOG.warn("{}: handler {} failed to stop, and is left as it is", this, handler, e);
        }
    }

    @Override
    public String toString() {
        return unit + " " + generation;
    }
}
