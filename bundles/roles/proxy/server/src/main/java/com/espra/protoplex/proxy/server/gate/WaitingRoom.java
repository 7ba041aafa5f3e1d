package com.espra.protoplex.proxy.server.gate;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * The requests that wait for one route, in their order.
 *
 * <p>Threads: safe from any.
 */
final class WaitingRoom {

    private final Closure closure;
    private final Consumer<Waiting> next;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private volatile boolean open;

    /** @param next takes those that wait here no more */
    WaitingRoom(Closure closure, Consumer<Waiting> next) {
        this.closure = closure;
        this.next = next;
    }

    Closure closure() {
        return closure;
    }

    int size() {
        return (int) queue.stream().filter(each -> !each.isOver()).count();
    }

    void add(Waiting waiting) {
        queue.add(waiting);
        if (open) {
            release();
        }
    }

    /** Everybody goes on. */
    void release() {
        open = true;
        for (Waiting first = queue.poll(); first != null; first = queue.poll()) {
            next.accept(first);
        }
    }

    /** Who has waited for too long is refused. Clients that have left are forgotten. Some came from another room, and have less time left. */
    void expire(long nowNanos) {
        List<Waiting> late = queue.stream()
                .filter(each -> each.isOver() || each.untilNanos() - nowNanos <= 0)
                .toList();
        for (Waiting each : late) {
            if (queue.remove(each)) {
                each.giveUp();
            }
        }
    }
}
