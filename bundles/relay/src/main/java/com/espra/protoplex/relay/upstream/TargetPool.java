package com.espra.protoplex.relay.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one target. The one that was used last is used first, so that those which are too many come of age. Who finds none free,
 * and no room for another, waits in a short queue.
 *
 * <p>Threads: safe from any, without locks.
 */
final class TargetPool implements UpstreamConnection.Owner {

    private final TargetKey origin;
    private final Connections connections;
    private final UpstreamLimits limits;
    private final Bounds all;
    private final ConcurrentLinkedDeque<UpstreamConnection> idle = new ConcurrentLinkedDeque<>();
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    /** What there is of all targets together. */
    record Bounds(AtomicInteger connections, AtomicInteger waiting) {}

    /** Somebody who wants a connection; served once. */
    private final class Waiting {

        private final Acquirer acquirer;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile Scheduler.@Nullable Task timer;

        Waiting(Acquirer acquirer) {
            this.acquirer = acquirer;
        }

        void within(Duration time, Runnable late) {
            timer = connections.scheduler().schedule(late, time.toMillis(), TimeUnit.MILLISECONDS);
            if (over.get()) {
                cancel();
            }
        }

        private void cancel() {
            Scheduler.Task its = timer;
            if (its != null) {
                its.cancel();
            }
        }

        boolean take() {
            boolean first = over.compareAndSet(false, true);
            if (first) {
                cancel();
            }
            return first;
        }
    }

    TargetPool(TargetKey origin, Connections connections, UpstreamLimits limits, Bounds all) {
        this.origin = origin;
        this.connections = connections;
        this.limits = limits;
        this.all = all;
    }

    /** Whether nothing is left of it. */
    boolean isEmpty() {
        return open.get() == 0 && waiting.get() == 0;
    }

    /** How many connections nobody uses. */
    int resting() {
        return idle.size();
    }

    void acquire(Duration connect, Acquirer acquirer) {
        UpstreamConnection free = poll();
        if (free != null) {
            acquirer.turn();
            acquirer.acquired(free);
            return;
        }
        Waiting wanted = new Waiting(acquirer);
        if (reserve()) {
            wanted.within(connect, () -> {
                if (wanted.take()) {
                    acquirer.unreachable(new IOException("no connection within " + connect.toMillis() + " ms"));
                }
            });
            acquirer.turn();
            open(wanted);
        } else if (!enqueue(wanted)) {
            acquirer.full();
        }
    }

    private boolean enqueue(Waiting wanted) {
        if (waiting.incrementAndGet() > limits.waiting()) {
            waiting.decrementAndGet();
            return false;
        }
        if (all.waiting().incrementAndGet() > limits.allWaiting()) {
            left();
            return false;
        }
        queue.add(wanted);
        wanted.within(limits.patience(), () -> {
            if (wanted.take()) {
                queue.remove(wanted);
                left();
                wanted.acquirer.full();
            }
        });
        // One may have come free before it could see that somebody waits.
        serve();
        return true;
    }

    private void left() {
        waiting.decrementAndGet();
        all.waiting().decrementAndGet();
    }

    private @Nullable UpstreamConnection poll() {
        UpstreamConnection free = idle.pollFirst();
        while (free != null && !free.tryUse()) {
            free = idle.pollFirst();
        }
        return free;
    }

    private boolean reserve() {
        if (open.incrementAndGet() > limits.connections()) {
            open.decrementAndGet();
            return false;
        }
        if (all.connections().incrementAndGet() > limits.allConnections()) {
            unreserve();
            return false;
        }
        return true;
    }

    private void unreserve() {
        open.decrementAndGet();
        all.connections().decrementAndGet();
    }

    private void open(Waiting wanted) {
        AtomicBoolean there = new AtomicBoolean();
        connections.open(
                origin,
                new UpstreamConnection.Owner() {
                    @Override
                    public void opened(UpstreamConnection connection) {
                        there.set(true);
                        if (wanted.take()) {
                            wanted.acquirer.acquired(connection);
                        } else {
                            connection.unused();
                        }
                    }

                    @Override
                    public void free(UpstreamConnection connection) {
                        TargetPool.this.free(connection);
                    }

                    @Override
                    public void gone(UpstreamConnection connection) {
                        if (there.compareAndSet(false, true)) {
                            // By TLS, before the handshake was done: the failure of that is told, too.
                            failed(wanted, new IOException("the connection closed before it was secure"));
                        } else {
                            TargetPool.this.gone(connection);
                        }
                    }
                },
                cause -> {
                    if (there.compareAndSet(false, true)) {
                        failed(wanted, cause);
                    }
                });
    }

    private void failed(Waiting wanted, Throwable cause) {
        unreserve();
        if (wanted.take()) {
            wanted.acquirer.unreachable(cause);
        }
        serve();
    }

    @Override
    public void opened(UpstreamConnection connection) {
        throw new IllegalStateException("each that is opened has an owner of its own");
    }

    @Override
    public void free(UpstreamConnection connection) {
        idle.addFirst(connection);
        if (!queue.isEmpty()) {
            serve();
        }
    }

    @Override
    public void gone(UpstreamConnection connection) {
        idle.remove(connection);
        unreserve();
        if (!queue.isEmpty()) {
            serve();
        }
    }

    /** Gives what is free, or may be opened, to who waits. */
    private void serve() {
        while (!queue.isEmpty()) {
            UpstreamConnection free = poll();
            if (free == null && !reserve()) {
                return;
            }
            Waiting next = next();
            if (next == null) {
                if (free == null) {
                    unreserve();
                } else {
                    free.unused();
                }
                return;
            }
            next.acquirer.turn();
            if (free == null) {
                open(new Waiting(next.acquirer));
            } else {
                next.acquirer.acquired(free);
            }
        }
    }

    private @Nullable Waiting next() {
        Waiting next = queue.poll();
        while (next != null && !next.take()) {
            next = queue.poll();
        }
        if (next != null) {
            left();
        }
        return next;
    }
}
