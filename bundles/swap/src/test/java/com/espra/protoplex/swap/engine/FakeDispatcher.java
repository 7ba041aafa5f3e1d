package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.ChannelTraffic;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.api.http.OriginalClient;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.api.http.StreamAdmission;
import com.espra.protoplex.api.http.StreamFlight;
import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.api.stream.StreamHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A dispatcher without sockets: it knows who is live, and drains when it is told. */
final class FakeDispatcher implements Dispatcher {

    final Map<String, FakeBackend> live = new ConcurrentHashMap<>();
    final Map<String, FakeBackend> all = new ConcurrentHashMap<>();
    volatile boolean drainsAtOnce = true;
    volatile @Nullable RouteConflictException conflict;
    /** What is said to be in flight when a hold asks. */
    volatile CompletableFuture<Long> inFlight = CompletableFuture.completedFuture(0L);
    /** Held units. */
    final Set<String> held = ConcurrentHashMap.newKeySet();
    /** What is done, in its order. */
    volatile List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public Backend open(String unit, String generation) {
        FakeBackend backend = new FakeBackend(unit, generation);
        all.put(generation, backend);
        return backend;
    }

    @Override
    public Optional<Backend> flip(Backend backend) throws RouteConflictException {
        RouteConflictException refusal = conflict;
        if (refusal != null) {
            throw refusal;
        }
        calls.add("flip to " + backend.generation());
        return Optional.ofNullable(live.put(backend.unit(), (FakeBackend) backend));
    }

    @Override
    public Optional<Backend> withdraw(String unit) {
        return Optional.ofNullable(live.remove(unit));
    }

    @Override
    public Hold hold(String unit, Hold.Bounds bounds) {
        if (!live.containsKey(unit) || !held.add(unit)) {
            throw new IllegalStateException("there is nothing to hold");
        }
        calls.add("hold");
        return new FakeHold(unit);
    }

    private final class FakeHold implements Hold {
        private final String unit;

        FakeHold(String unit) {
            this.unit = unit;
        }

        @Override
        public CompletableFuture<Long> idle(Duration limit) {
            calls.add("idle");
            return inFlight;
        }

        @Override
        public Outcome release() {
            calls.add("release to " + liveGeneration(unit));
            held.remove(unit);
            return new Outcome(Duration.ofMillis(20), 3, Duration.ofMillis(10), 0);
        }
    }

    @Override
    public StreamAdmission admit(String listener, StreamFlight flight) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void serve(Request request, Response response, Callback callback, OriginalClient client) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unclaimed(@Nullable Backend backend, @Nullable Handler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void fallback(@Nullable Handler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Claim> claims() {
        return List.of();
    }

    @Override
    public List<UnitTraffic> traffic() {
        return List.of();
    }

    @Override
    public List<ChannelTraffic> channels() {
        return List.of();
    }

    @Override
    public long shed() {
        return 0;
    }

    @Override
    public long disconnected() {
        return 0;
    }

    @Override
    public long malformed() {
        return 0;
    }

    String liveGeneration(String unit) {
        FakeBackend backend = live.get(unit);
        return backend == null ? "" : backend.generation();
    }

    final class FakeBackend implements Backend {
        private final String unit;
        private final String generation;
        final CompletableFuture<Long> drained = new CompletableFuture<>();
        volatile boolean closed;
        private volatile List<Endpoint> endpoints = List.of();

        FakeBackend(String unit, String generation) {
            this.unit = unit;
            this.generation = generation;
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
        public void start(Handler handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void stop(Handler handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Handler channels(ChannelReceiver receiver) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Handler streams(StreamHandler handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void serve(List<Endpoint> next) {
            endpoints = next;
        }

        @Override
        public List<Endpoint> endpoints() {
            return endpoints;
        }

        @Override
        public long inFlight() {
            return 0;
        }

        @Override
        public long served() {
            return 0;
        }

        @Override
        public CompletableFuture<Long> drain(Duration deadline) {
            calls.add("drain of " + generation);
            return drainsAtOnce ? CompletableFuture.completedFuture(0L) : drained.copy();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
