package com.espra.protoplex.http.dispatch;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.ChannelTraffic;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.api.http.OriginalClient;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.api.http.StreamAdmission;
import com.espra.protoplex.api.http.StreamFlight;
import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.http.channel.ChannelServices;
import com.espra.protoplex.http.channel.UnitChannels;
import com.espra.protoplex.http.exchange.Exchange;
import com.espra.protoplex.http.exchange.ExchangeBackend;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dispatcher of one group: changes are made one after the other, requests read one volatile field. */
public final class TableDispatcher implements Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(TableDispatcher.class);

    private final Server server;
    private final LongSupplier shed;
    private final LongSupplier disconnected;
    private final LongSupplier malformed;
    private final Object changing = new Object();
    private final Set<CountedBackend> backends = ConcurrentHashMap.newKeySet();
    private final Map<String, EndedRequests> ended = new ConcurrentHashMap<>();
    private final Map<String, UnitChannels> channels = new ConcurrentHashMap<>();
    private final ChannelServices services;
    private volatile @Nullable DispatchHandler entrance;
    private volatile @Nullable Executor handlerThreads;
    private volatile DispatchTable table = DispatchTable.EMPTY;

    /** What the counters of {@link Dispatcher} say comes from whoever counts. */
    public TableDispatcher(
            Server server,
            LongSupplier shed,
            LongSupplier disconnected,
            LongSupplier malformed,
            ChannelServices services) {
        this.server = server;
        this.services = services;
        this.shed = shed;
        this.disconnected = disconnected;
        this.malformed = malformed;
    }

    /** What is served now. */
    DispatchTable table() {
        return table;
    }

    /** The unit that would answer; null: none. */
    @Nullable
    String unit(Request request) {
        DispatchTable.@Nullable Target target = table.match(request);
        return target == null ? null : target.backend().unit();
    }

    /** Every backend that is open: live, draining or at rest. */
    public Set<CountedBackend> backends() {
        return backends;
    }

    @Override
    public Backend open(String unit, String generation) {
        synchronized (changing) {
            EndedRequests counts = ended.computeIfAbsent(unit, EndedRequests::new);
            UnitChannels its = channels.computeIfAbsent(unit, name -> new UnitChannels(name, services));
            CountedBackend backend = new CountedBackend(this, server, unit, generation, counts, its);
            backends.add(backend);
            return backend;
        }
    }

    @Override
    public Optional<Backend> flip(Backend backend) throws RouteConflictException {
        synchronized (changing) {
            if (!(backend instanceof CountedBackend next) || !backends.contains(next)) {
                throw new IllegalStateException(
                        "backend " + backend + " is closed, or of another dispatcher: open a new one");
            }
            for (Map.Entry<Route, DispatchTable.Target> claim :
                    DispatchTable.targets(next).entrySet()) {
                DispatchTable.@Nullable Target holder = table.owners().get(claim.getKey());
                if (holder != null && !holder.backend().unit().equals(next.unit())) {
                    throw new RouteConflictException(
                            claim.getValue().route(), holder.backend().unit());
                }
            }
            CountedBackend previous = table.live().get(next.unit());
            change(live -> {
                live.put(next.unit(), next);
                return live;
            });
            next.undrain();
            next.unitChannels().flip(next);
            return previous == next ? Optional.empty() : Optional.ofNullable(previous);
        }
    }

    @Override
    public Optional<Backend> withdraw(String unit) {
        synchronized (changing) {
            CountedBackend previous = table.live().get(unit);
            if (previous != null) {
                change(live -> {
                    live.remove(unit);
                    return live;
                });
                previous.unitChannels().flip(null);
            }
            return Optional.ofNullable(previous);
        }
    }

    @Override
    public Hold hold(String unit, Hold.Bounds bounds) {
        synchronized (changing) {
            CountedBackend backend = table.live().get(unit);
            if (backend == null || table.holds().containsKey(unit)) {
                throw new IllegalStateException(
                        unit + (backend == null ? " is not live: there is nothing to hold" : " is held already"));
            }
            CountedBackend waiting = new CountedBackend(
                    this, server, unit, backend.generation(), backend.ended(), backend.unitChannels());
            HeldRequests hold = new HeldRequests(this, server, backend, waiting, bounds);
            backends.add(waiting);
            Map<String, HeldRequests> holds = new HashMap<>(table.holds());
            holds.put(unit, hold);
            table = table.withHolds(holds);
            backend.unitChannels().hold();
            return hold;
        }
    }

    /** Counts first and looks then whether the table is still the same, as for a request. */
    @Override
    public StreamAdmission admit(String listener, StreamFlight flight) throws InterruptedException {
        while (true) {
            DispatchTable now = table;
            DispatchTable.@Nullable Target target = now.stream(listener);
            if (target == null || !(target.handler() instanceof StreamMarker marker)) {
                return StreamAdmission.Refused.UNCLAIMED;
            }
            CountedBackend backend = target.backend();
            HeldRequests hold = now.holds().get(backend.unit());
            if (hold != null) {
                if (!hold.await()) {
                    return StreamAdmission.Refused.HELD;
                }
                continue;
            }
            StreamEntry entry = backend.enter(flight);
            if (table == now) {
                backend.began();
                entry.stay();
                return new StreamAdmission.Admitted(
                        backend.unit(), backend.generation(), marker.stream(), () -> backend.leave(entry));
            }
            backend.leave(entry);
        }
    }

    /** New requests of the unit wait no more. */
    void end(HeldRequests hold) {
        synchronized (changing) {
            Map<String, HeldRequests> holds = new HashMap<>(table.holds());
            if (holds.values().remove(hold)) {
                table = table.withHolds(holds);
                hold.backend().unitChannels().release();
            }
        }
    }

    /** Whether a unit has what is asked for: the host in lower case and without port, the path as Jetty gives it. */
    public boolean claims(String host, String path) {
        return table.claims(host, path);
    }

    /** Forgets where requests waited, when none does any more. */
    void forget(CountedBackend waiting) {
        backends.remove(waiting);
    }

    @Override
    public void fallback(@Nullable Handler handler) {
        synchronized (changing) {
            table = table.withFallback(handler);
        }
    }

    /** What lets requests in that come by the listeners of this group, and who runs its handlers. */
    public void entrance(DispatchHandler handler, Executor threads) {
        entrance = handler;
        handlerThreads = threads;
    }

    @Override
    public void serve(Request request, Response response, Callback callback, OriginalClient client) {
        DispatchHandler handler = entrance;
        Executor threads = handlerThreads;
        if (!(request instanceof Exchange exchange) || handler == null || threads == null) {
            throw new IllegalStateException("request " + request + " did not come through a listener of this node");
        }
        ExchangeBackend before = exchange.backend();
        exchange.notBegun();
        if (before != null) {
            before.leave(exchange);
        }
        exchange.leave();
        exchange.isFrom(client);
        threads.execute(() -> {
            try {
                handler.letIn(exchange, response, callback);
            } catch (Exception e) {
                callback.failed(e);
            }
        });
    }

    @Override
    public void unclaimed(@Nullable Backend backend, @Nullable Handler handler) {
        synchronized (changing) {
            if (backend == null || handler == null) {
                table = table.withUnclaimed(null);
            } else if (backend instanceof CountedBackend its && backends.contains(its)) {
                table = table.withUnclaimed(new DispatchTable.Target(Route.of("/"), its, handler));
            } else {
                throw new IllegalStateException(
                        "backend " + backend + " is closed, or of another dispatcher: open a new one");
            }
        }
    }

    @Override
    public List<Claim> claims() {
        return table.owners().values().stream()
                .map(target -> new Claim(
                        target.route(),
                        target.backend().unit(),
                        target.backend().generation()))
                .toList();
    }

    @Override
    public List<UnitTraffic> traffic() {
        return ended.values().stream().map(EndedRequests::soFar).toList();
    }

    @Override
    public List<ChannelTraffic> channels() {
        return channels.values().stream().map(UnitChannels::soFar).toList();
    }

    /** Asks the clients of channels of a listener to come again. */
    public void askToReconnect(Connector connector) {
        channels.values().forEach(its -> its.askToReconnect(connector));
    }

    @Override
    public long shed() {
        return shed.getAsLong();
    }

    @Override
    public long disconnected() {
        return disconnected.getAsLong();
    }

    @Override
    public long malformed() {
        return malformed.getAsLong();
    }

    /** Replaces a backend's endpoints, and with them the table if it is live. */
    void serve(CountedBackend backend, Runnable replacement) {
        synchronized (changing) {
            replacement.run();
            if (isLive(backend)) {
                change(live -> live);
                leftOut(backend);
            }
        }
    }

    boolean isLive(CountedBackend backend) {
        return table.live().get(backend.unit()) == backend;
    }

    /** Forgets a backend that closes. If it is live, its routes go with it. */
    void close(CountedBackend backend) {
        synchronized (changing) {
            backends.remove(backend);
            if (isLive(backend)) {
                withdraw(backend.unit());
            }
            if (backends.stream().noneMatch(each -> each.unit().equals(backend.unit()))) {
                ended.remove(backend.unit());
                channels.remove(backend.unit());
            }
        }
    }

    private void change(UnaryOperator<Map<String, CountedBackend>> change) {
        table = table.with(change.apply(new HashMap<>(table.live())));
    }

    private void leftOut(CountedBackend backend) {
        DispatchTable.targets(backend).forEach((claim, target) -> {
            DispatchTable.@Nullable Target owner = table.owners().get(claim);
            if (owner != null && owner.backend() != backend) {
                LOG.warn(
                        "{} {} does not get the route {}: it belongs to {}. Remove one of the two, or change its path",
                        backend.unit(),
                        backend.generation(),
                        target.route(),
                        owner.backend().unit());
            }
        });
    }

    /** How many requests have been begun by the backends that are open. */
    public long begun() {
        return backends.stream().mapToLong(Backend::served).sum();
    }

    /** How many requests and upgraded connections are in flight, in all backends. */
    public long inFlight() {
        return backends.stream().mapToLong(Backend::inFlight).sum();
    }
}
