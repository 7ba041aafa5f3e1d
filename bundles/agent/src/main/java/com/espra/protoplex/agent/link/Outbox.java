package com.espra.protoplex.agent.link;

import com.espra.protoplex.fleet.link.LinkFrame;
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
 *
 * <p>All but results waits a moment, unless a result is there to follow it: a swap is over sooner than people can see, and what tells of it
 * would compete with it for the processor.
 */
final class Outbox {

    private final int mostEvents;
    private final long momentNanos;
    private final Supplier<LinkFrame.Actual> actual;
    private final Supplier<Optional<LinkFrame.Owning>> owning;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** As many as a Seed asks at a time. */
    private static final int MOST_ANSWERS = 8;

    private final Deque<LinkFrame.Answer> answers = new ArrayDeque<>();
    private final Deque<LinkFrame.Event> events = new ArrayDeque<>();
    private final Map<String, LinkFrame.Result> results = new LinkedHashMap<>();
    private boolean actualIsDue;
    private boolean owningIsDue;
    /** By {@link System#nanoTime}, the end of the moment for events and what the node runs; of no meaning while there is neither. */
    private long momentEnds;

    private boolean woken;
    private long dropped;

    /** @param moment how long anything but a result may wait */
    Outbox(
            int mostEvents,
            Duration moment,
            Supplier<LinkFrame.Actual> actual,
            Supplier<Optional<LinkFrame.Owning>> owning) {
        this.mostEvents = mostEvents;
        this.momentNanos = moment.toNanos();
        this.actual = actual;
        this.owning = owning;
    }

    void event(LinkFrame.Event event) {
        lock.lock();
        try {
            if (events.size() < mostEvents) {
                beginMoment();
                events.add(event);
            } else {
                dropped++;
            }
        } finally {
            lock.unlock();
        }
    }

    void actualIsDue() {
        lock.lock();
        try {
            beginMoment();
            actualIsDue = true;
        } finally {
            lock.unlock();
        }
    }

    void owningIsDue() {
        change(() -> owningIsDue = true);
    }

    void result(LinkFrame.Result result) {
        change(() -> results.put(result.unit(), result));
    }

    void answer(LinkFrame.Answer answer) {
        change(() -> {
            if (answers.size() < MOST_ANSWERS) {
                answers.add(answer);
            }
        });
    }

    /** A new connection: the Seed hears again what it must know, now. */
    void restart(List<LinkFrame.Result> known) {
        change(() -> {
            actualIsDue = true;
            // Nobody waits for them any more.
            answers.clear();
            owningIsDue = false;
            momentEnds = System.nanoTime();
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

    /** The next frame: how far the node is with what it owns, on which a lease hangs; answers, which somebody waits for; events, then what the node runs, then results, so that a result is the last that is heard of a move. */
    Optional<LinkFrame> next(Duration wait) throws InterruptedException {
        boolean owns;
        lock.lockInterruptibly();
        try {
            long end = System.nanoTime() + wait.toNanos();
            long left = leftOf(end);
            while (!isDue() && !woken && left > 0) {
                var _ = changed.awaitNanos(left);
                left = leftOf(end);
            }
            woken = false;
            if (!isDue()) {
                return Optional.empty();
            }
            owns = owningIsDue;
            owningIsDue = false;
            if (!owns && !answers.isEmpty()) {
                return Optional.of(answers.remove());
            }
            if (!owns && !events.isEmpty()) {
                return Optional.of(events.remove());
            }
            if (!owns && !actualIsDue) {
                return Optional.of(firstResult());
            }
            actualIsDue = owns && actualIsDue;
        } finally {
            lock.unlock();
        }
        return owns ? owning.get().map(LinkFrame.class::cast) : Optional.of(actual.get());
    }

    private boolean isDue() {
        return owningIsDue
                || !results.isEmpty()
                || !answers.isEmpty()
                || (isMoment() && momentEnds - System.nanoTime() <= 0);
    }

    private boolean isMoment() {
        return actualIsDue || !events.isEmpty();
    }

    private void beginMoment() {
        if (!isMoment()) {
            momentEnds = System.nanoTime() + momentNanos;
            changed.signalAll();
        }
    }

    /** Nanoseconds until the caller's patience or the moment ends. */
    private long leftOf(long end) {
        long now = System.nanoTime();
        return isMoment() ? Math.min(end - now, momentEnds - now) : end - now;
    }

    private LinkFrame.Result firstResult() {
        Iterator<LinkFrame.Result> iterator = results.values().iterator();
        LinkFrame.Result result = iterator.next();
        iterator.remove();
        return result;
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
