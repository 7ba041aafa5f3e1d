package com.espra.protoplex.swap.offer;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one generation offers, and its calls in flight. A call is counted first, and then it is looked again whether the generation is the live
 * one: so none slips through between the flip and the drain.
 *
 * <p>Threads: safe from any.
 */
public final class GenerationOffers {

    private final AtomicLong inFlight = new AtomicLong();
    private final Queue<CompletableFuture<Long>> waiting = new ConcurrentLinkedQueue<>();
    private volatile Map<Class<?>, Offer> offers = Map.of();
    private volatile Runnable listener = () -> {};

    /**
     * A service that is offered.
     *
     * @param service implements the interface
     * @param properties what it is found by
     */
    public record Offer(Object service, Map<String, Object> properties) {

        /** Keeps a copy. */
        public Offer {
            properties = Map.copyOf(properties);
        }
    }

    /** Replaces all that it offers, by interface. */
    public void set(Map<Class<?>, Offer> now) {
        offers = Map.copyOf(now);
        listener.run();
    }

    /** All that it offers now, by interface. */
    public Map<Class<?>, Offer> all() {
        return offers;
    }

    /** Calls that have begun and not ended. */
    public long inFlight() {
        return inFlight.get();
    }

    /**
     * Completes when no call is in flight, or at the limit. No call is broken off.
     *
     * @return how many are in flight still; 0 when all have ended
     */
    @SuppressWarnings("CollectionUndefinedEquality") // The very one is meant.
    public CompletableFuture<Long> idle(Duration limit) {
        CompletableFuture<Long> idle = new CompletableFuture<>();
        waiting.add(idle);
        if (inFlight.get() == 0) {
            tellIdle();
        }
        return idle.copy().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
            waiting.remove(idle);
            return inFlight.get();
        });
    }

    /**
     * Counts again for each that waits: between the last call's end and this, another may have begun, and have been let in before the flip.
     * Who waits came after the flip, so no call that begins from then on is let in.
     */
    @SuppressWarnings("CollectionUndefinedEquality") // The very one is meant.
    private void tellIdle() {
        for (CompletableFuture<Long> next = waiting.peek();
                next != null && inFlight.get() == 0;
                next = waiting.peek()) {
            if (waiting.remove(next)) {
                next.complete(0L);
            }
        }
    }

    void begin() {
        inFlight.incrementAndGet();
    }

    void end() {
        if (inFlight.decrementAndGet() == 0) {
            tellIdle();
        }
    }

    @Nullable
    Offer offer(Class<?> type) {
        return offers.get(type);
    }

    void onChange(Runnable next) {
        listener = next;
    }
}
