package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.SwapRecord;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapEvent.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** Tells what happens, and remembers the last swaps. */
final class SwapJournal {

    private static final int SWAPS = 256;
    private static final int EVENTS = 64;
    private static final int ANNOUNCED = 64;

    private final InstantSource clock;
    private final Consumer<SwapEvent> listeners;
    private final Deque<Entry> ended = new ArrayDeque<>();
    private final Deque<SwapEvent> announced = new ArrayDeque<>();

    SwapJournal(InstantSource clock, Consumer<SwapEvent> listeners) {
        this.clock = clock;
        this.listeners = listeners;
    }

    /** A step that somebody else carries out; it becomes part of the swap that follows. */
    void announce(SwapEvent event) {
        synchronized (this) {
            if (announced.size() == ANNOUNCED) {
                announced.removeFirst();
            }
            announced.add(event);
        }
        listeners.accept(event);
    }

    /** What comes by itself, and follows on no step of others. */
    Entry apart(String unit, String from) {
        return new Entry(clock.instant(), unit, from, "");
    }

    Entry begin(String unit, String from, String to) {
        Entry entry = new Entry(clock.instant(), unit, from, to);
        synchronized (this) {
            for (Iterator<SwapEvent> all = announced.iterator(); all.hasNext(); ) {
                SwapEvent event = all.next();
                if (event.unit().equals(unit)) {
                    all.remove();
                    if (event.version().equals(to)) {
                        entry.events.add(event);
                    }
                }
            }
        }
        return entry;
    }

    synchronized List<SwapRecord> history() {
        List<SwapRecord> records = new ArrayList<>(ended.size());
        ended.forEach(entry -> records.add(entry.toRecord()));
        return List.copyOf(records);
    }

    /** One swap, while it goes on and after it. */
    final class Entry {
        private final Instant time;
        private final String unit;
        private final String from;
        private final String to;
        private final List<SwapEvent> events = new ArrayList<>();
        private Outcome outcome = new Outcome(false, Step.PREFLIGHT, "", Duration.ZERO);

        private Entry(Instant time, String unit, String from, String to) {
            this.time = time;
            this.unit = unit;
            this.from = from;
            this.to = to;
        }

        void tell(Subject subject, Step step, State state, String detail, Duration elapsed) {
            SwapEvent event = new SwapEvent(
                    clock.instant(), unit, subject.version(), subject.generation(), step, state, detail, elapsed);
            synchronized (SwapJournal.this) {
                if (goesOn(event)) {
                    events.removeLast();
                }
                if (events.size() < EVENTS) {
                    events.add(event);
                }
            }
            listeners.accept(event);
        }

        /** Of a step before the flip that goes on, only the newest is remembered. */
        private boolean goesOn(SwapEvent event) {
            Step step = event.step();
            return step.compareTo(Step.FLIP) <= 0
                    && !events.isEmpty()
                    && isProgress(event, step)
                    && isProgress(events.getLast(), step);
        }

        private static boolean isProgress(SwapEvent event, Step step) {
            return event.state() == State.PROGRESS && event.step() == step;
        }

        Outcome end(Outcome how) {
            synchronized (SwapJournal.this) {
                outcome = how;
                if (ended.size() == SWAPS) {
                    ended.removeLast();
                }
                ended.addFirst(this);
            }
            return how;
        }

        private SwapRecord toRecord() {
            return new SwapRecord(time, unit, from, to, outcome, List.copyOf(events));
        }
    }

    /** What an event is about. */
    record Subject(String version, String generation) {}
}
