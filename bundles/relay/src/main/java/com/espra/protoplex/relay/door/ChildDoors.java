package com.espra.protoplex.relay.door;

import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.api.relay.Targets;
import com.espra.protoplex.peer.Peer;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The doors of a node's children, of which each is asked once a second where its is, while requests come. A request goes to the child that has
 * the fewest of them, and to another if that has just gone.
 *
 * <p>Threads: safe from any; nobody waits.
 */
final class ChildDoors {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<Peer, Child> children = new ConcurrentHashMap<>();

    private static final class Child {

        private final Peer peer;
        private final String name;
        private final AtomicLong askedNanos = new AtomicLong(System.nanoTime() - 2 * FRESH_NANOS);
        private final AtomicInteger inFlight = new AtomicInteger();
        private volatile CompletableFuture<Map<String, Object>> answer = CompletableFuture.completedFuture(Map.of());
        private volatile long port;
        private volatile String key = "";

        Child(String name, Peer peer) {
            this.name = name;
            this.peer = peer;
        }

        CompletableFuture<?> look() {
            long last = askedNanos.get();
            long now = System.nanoTime();
            if (now - last >= FRESH_NANOS && answer.isDone() && askedNanos.compareAndSet(last, now)) {
                answer = peer.ask(DoorPort.TOPIC, Map.of()).whenComplete((said, failure) -> {
                    key = failure == null && said.get(DoorPort.KEY) instanceof String its ? its : "";
                    port = failure == null && said.get(DoorPort.PORT) instanceof Long its ? its : 0;
                });
            }
            return answer;
        }
    }

    void add(String name, Peer peer) {
        Child child = new Child(name, peer);
        children.put(peer, child);
        var _ = child.look();
    }

    void remove(Peer peer) {
        children.remove(peer);
    }

    /** Completes when the children have said where they are, which they have in all but the first second. */
    CompletableFuture<Targets> targets() {
        List<CompletableFuture<?>> asked = new ArrayList<>();
        children.values().forEach(child -> asked.add(child.look()));
        Deque<Child> known = known();
        if (!known.isEmpty()) {
            return CompletableFuture.completedFuture(new Chosen(known));
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .orTimeout(FRESH_NANOS, TimeUnit.NANOSECONDS)
                .handle((done, failure) -> new Chosen(known()));
    }

    /** By what a child believes this process; empty: by the token of the fleet. */
    String key(Target child) {
        int port = child.address().getPort();
        for (Child each : children.values()) {
            if (each.port == port && each.name.equals(child.node())) {
                return each.key;
            }
        }
        return "";
    }

    private Deque<Child> known() {
        List<Child> all = new ArrayList<>(children.values());
        all.removeIf(child -> child.port == 0);
        Collections.shuffle(all);
        all.sort(Comparator.comparingInt(child -> child.inFlight.get()));
        return new ArrayDeque<>(all);
    }

    private static final class Chosen implements Targets {

        private final Deque<Child> left;
        private @Nullable Child current;

        Chosen(Deque<Child> left) {
            this.left = left;
        }

        @Override
        public @Nullable Target next() {
            Child child = left.poll();
            current = child;
            if (child == null) {
                return null;
            }
            child.inFlight.incrementAndGet();
            return new Target(URI.create("http://127.0.0.1:" + child.port), child.name);
        }

        @Override
        public void ended(Target target, Outcome outcome) {
            Child child = current;
            current = null;
            if (child != null) {
                child.inFlight.decrementAndGet();
            }
        }
    }
}
