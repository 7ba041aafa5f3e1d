package com.espra.protoplex.agent.link;

import com.espra.protoplex.fleet.link.Frame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What waits to be sent, bounded: events are for people who watch, and are dropped when there are too many; of results the newest of each
 * unit is kept; what the node runs is asked for when its turn comes.
 */
final class Outbox {

    private final int mostEvents;
    private final Supplier<Frame.Actual> actual;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private final Deque<Frame.Event> events = new ArrayDeque<>();
    private final Map<String, Frame.Result> results = new LinkedHashMap<>();
    private boolean actualIsDue;
    private boolean woken;
    private long dropped;

    Outbox(int mostEvents, Supplier<Frame.Actual> actual) {
        this.mostEvents = mostEvents;
        this.actual = actual;
    }

    void event(Frame.Event event) {
        change(() -> {
            if (events.size() < mostEvents) {
                events.add(event);
            } else {
                dropped++;
            }
        });
    }

    void result(Frame.Result result) {
        change(() -> results.put(result.unit(), result));
    }

    void actualIsDue() {
        change(() -> actualIsDue = true);
    }

    /** A new connection: the Seed hears again what it must know. */
    void restart(List<Frame.Result> known) {
        change(() -> {
            actualIsDue = true;
            known.forEach(result -> results.put(result.unit(), result));
        });
    }

    /** Lets {@link #next} return at once. */
    void wake() {
        change(() -> woken = true);
    }

    /** Events that were dropped until now. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** The next frame: events, then what the node runs, then results, so that a result is the last that is heard of a move. */
    Optional<Frame> next(Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = wait.toNanos();
            while (events.isEmpty() && results.isEmpty() && !actualIsDue && !woken && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            woken = false;
            if (!events.isEmpty()) {
                return Optional.of(events.remove());
            }
            if (!actualIsDue) {
                return firstResult();
            }
            actualIsDue = false;
        } finally {
            lock.unlock();
        }
        return Optional.of(actual.get());
    }

    private Optional<Frame> firstResult() {
        Iterator<Frame.Result> iterator = results.values().iterator();
        if (!iterator.hasNext()) {
            return Optional.empty();
        }
        Frame.Result result = iterator.next();
        iterator.remove();
        return Optional.of(result);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
