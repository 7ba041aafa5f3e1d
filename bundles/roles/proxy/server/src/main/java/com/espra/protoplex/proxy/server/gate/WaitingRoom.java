package com.espra.protoplex.proxy.server.gate;

import com.espra.protoplex.api.relay.Decision;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The requests that wait for one route, in their order.
 *
 * <p>Threads: safe from any.
 */
final class WaitingRoom {

    private final Closure closure;
    private final AtomicInteger all;
    private final AtomicInteger here = new AtomicInteger();
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private volatile boolean open;

    private record Waiting(
            CompletableFuture<Decision> decision, long untilNanos, Supplier<Decision> then, Supplier<Decision> late) {}

    /** @param all how many wait for all routes */
    WaitingRoom(Closure closure, AtomicInteger all) {
        this.closure = closure;
        this.all = all;
    }

    Closure closure() {
        return closure;
    }

    int size() {
        return here.get();
    }

    /**
     * Waits.
     *
     * @param then decides when the route is open again
     * @param late decides when it has waited for too long
     */
    Decision wait(long untilNanos, Supplier<Decision> then, Supplier<Decision> late) {
        CompletableFuture<Decision> decision = new CompletableFuture<>();
        here.incrementAndGet();
        var _ = decision.whenComplete((_, _) -> {
            here.decrementAndGet();
            all.decrementAndGet();
        });
        queue.add(new Waiting(decision, untilNanos, then, late));
        if (open) {
            release();
        }
        return new Decision.Later(decision);
    }

    /** Everybody goes on. */
    void release() {
        open = true;
        for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
            complete(next.decision(), next.then());
        }
    }

    /** Who has waited for too long is refused. Clients that have left are forgotten. */
    void expire(long nowNanos) {
        for (Waiting first = queue.peek(); first != null; first = queue.peek()) {
            if (!first.decision().isDone() && first.untilNanos() - nowNanos > 0) {
                return;
            }
            if (queue.remove(first)) {
                complete(first.decision(), first.late());
            }
        }
    }

    private static void complete(CompletableFuture<Decision> decision, Supplier<Decision> how) {
        if (decision.isDone()) {
            return;
        }
        try {
            Decision made = how.get();
            if (made instanceof Decision.Later later) {
                later.decision().whenComplete((value, failure) -> {
                    if (failure == null) {
                        decision.complete(value);
                    } else {
                        decision.completeExceptionally(failure);
                    }
                });
            } else {
                decision.complete(made);
            }
        } catch (RuntimeException e) {
            decision.completeExceptionally(e);
        }
    }
}
