package com.espra.protoplex.proxy.server.gate;

import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.routing.RouteTable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is closed now. What an operator says in one process of the node holds in all of them, and in the next version of the role, within a
 * second: they read the same file.
 *
 * <p>Threads: {@link #match} from any, without locks; the rest one after the other. What waits goes on without the lock.
 */
public final class ClosedRoutes {

    private static final int MOST = 1000;

    private final ClosureFile file;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final int mostWaiting;
    private final long longestNanos;
    private final AtomicInteger waiting = new AtomicInteger();
    private Map<Route, WaitingRoom> rooms = Map.of();
    private volatile @Nullable RouteTable<WaitingRoom> table;

    /**
     * @param mostWaiting how many requests wait at most, of all routes together
     * @param longestSeconds how long
     */
    public ClosedRoutes(
            ClosureFile file, InstantSource clock, LongSupplier nanos, int mostWaiting, int longestSeconds) {
        this.file = file;
        this.clock = clock;
        this.nanos = nanos;
        this.mostWaiting = mostWaiting;
        this.longestNanos = TimeUnit.SECONDS.toNanos(longestSeconds);
        read();
    }

    /** What closes this path; null: it is open. */
    public @Nullable Closure match(String host, String path) {
        WaitingRoom room = room(host, path);
        return room == null ? null : room.closure();
    }

    private @Nullable WaitingRoom room(String host, String path) {
        RouteTable<WaitingRoom> now = table;
        return now == null ? null : now.match(host, path);
    }

    /**
     * Has a request wait. When its route is closed in another way meanwhile, it is refused, or waits on with what is left of its time.
     *
     * @param on decides when nothing closes its path any more
     * @param drained decides when its path takes nothing new
     * @param late decides when it has waited for too long
     * @return null if no more may wait
     */
    public @Nullable Decision wait(
            String host, String path, Supplier<Decision> on, Supplier<Decision> drained, Supplier<Decision> late) {
        WaitingRoom room = room(host, path);
        if (room == null) {
            return on.get();
        }
        if (waiting.incrementAndGet() > mostWaiting) {
            waiting.decrementAndGet();
            return null;
        }
        CompletableFuture<Decision> decision = new CompletableFuture<>();
        var _ = decision.whenComplete((_, _) -> waiting.decrementAndGet());
        look(new Waiting(host, path, nanos.getAsLong() + longestNanos, new Waiting.Ways(on, drained, late), decision));
        return new Decision.Later(decision);
    }

    /** What is closed now decides: at first, and whenever a room is closed in another way, or opened. */
    private void look(Waiting request) {
        WaitingRoom room = room(request.host(), request.path());
        if (room == null) {
            request.goOn();
        } else if (room.closure().way() == Closure.Way.DRAINED) {
            request.refuse();
        } else {
            room.add(request);
        }
    }

    /** How many wait. */
    public int waiting() {
        return waiting.get();
    }

    /** What is closed, and how many wait for each. */
    public synchronized Map<Closure, Integer> all() {
        Map<Closure, Integer> all = new LinkedHashMap<>();
        rooms.values().forEach(room -> all.put(room.closure(), room.size()));
        return all;
    }

    /**
     * Closes a route, here and on disk. One that is closed in the same way stays so since then, and who waits waits on.
     *
     * @throws IllegalArgumentException if the pattern is none
     */
    public void close(Closure.Way way, String pattern) throws IOException {
        released(shut(way, pattern));
    }

    private synchronized List<WaitingRoom> shut(Closure.Way way, String pattern) throws IOException {
        if (pattern.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("a pattern has no blanks and no control characters");
        }
        Closure closure = new Closure(way, pattern, clock.instant());
        Route claim = RouteTable.claim(closure.route());
        List<Closure> next = new ArrayList<>(current());
        if (next.stream()
                .anyMatch(other ->
                        other.way() == way && RouteTable.claim(other.route()).equals(claim))) {
            return apply(next);
        }
        next.removeIf(other -> RouteTable.claim(other.route()).equals(claim));
        if (next.size() >= MOST) {
            throw new IllegalArgumentException("more than " + MOST + " routes are closed: open some first");
        }
        next.add(closure);
        file.write(next);
        return apply(next);
    }

    private static void released(List<WaitingRoom> rooms) {
        rooms.forEach(WaitingRoom::release);
    }

    /** Opens a route, here and on disk; false: it was not closed. */
    public boolean open(String pattern) throws IOException {
        Optional<List<WaitingRoom>> opened = unshut(pattern);
        opened.ifPresent(ClosedRoutes::released);
        return opened.isPresent();
    }

    private synchronized Optional<List<WaitingRoom>> unshut(String pattern) throws IOException {
        Route claim = RouteTable.claim(new Closure(Closure.Way.PAUSED, pattern, clock.instant()).route());
        List<Closure> next = new ArrayList<>(current());
        if (!next.removeIf(other -> RouteTable.claim(other.route()).equals(claim))) {
            return Optional.empty();
        }
        file.write(next);
        return Optional.of(apply(next));
    }

    private List<Closure> current() {
        return file.read()
                .orElseGet(
                        () -> rooms.values().stream().map(WaitingRoom::closure).toList());
    }

    /** Reads what others have said, and refuses those that have waited for too long. To be called every now and then. */
    public void follow() {
        released(read());
        long now = nanos.getAsLong();
        rooms().forEach(room -> room.expire(now));
    }

    private synchronized List<WaitingRoom> read() {
        return file.read().map(this::apply).orElse(List.of());
    }

    private synchronized List<WaitingRoom> rooms() {
        return List.copyOf(rooms.values());
    }

    /** @return those who wait no more, to be released */
    private List<WaitingRoom> apply(List<Closure> closures) {
        Map<Route, WaitingRoom> next = new HashMap<>();
        for (Closure closure : closures) {
            Route claim = RouteTable.claim(closure.route());
            WaitingRoom known = rooms.get(claim);
            next.put(
                    claim,
                    known != null && known.closure().equals(closure) ? known : new WaitingRoom(closure, this::look));
        }
        if (next.equals(rooms)) {
            return List.of();
        }
        Map<Route, WaitingRoom> before = rooms;
        rooms = next;
        table = next.isEmpty() ? null : new RouteTable<>(next);
        return before.values().stream()
                .filter(room -> !next.containsValue(room))
                .toList();
    }

    /** The version goes: who waits still is let on, for nobody would wake it. */
    public void end() {
        List<WaitingRoom> left = rooms();
        synchronized (this) {
            table = null;
            rooms = Map.of();
        }
        released(left);
    }
}
