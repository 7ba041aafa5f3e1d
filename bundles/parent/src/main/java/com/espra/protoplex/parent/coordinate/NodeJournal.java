package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.SwapRecord;
import com.espra.protoplex.api.swap.SwapEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The last swaps of the node, and the steps that belong to each. Safe from any thread. */
final class NodeJournal {

    private static final int SWAPS = 256;
    private static final int EVENTS = 64;
    private static final int ANNOUNCED = 64;

    private final Deque<Entry> ended = new ArrayDeque<>();
    private final Deque<SwapEvent> announced = new ArrayDeque<>();
    private final Map<String, Entry> current = new HashMap<>();

    private static final class Entry {
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

        private void add(SwapEvent event) {
            if (events.size() < EVENTS) {
                events.add(event);
            }
        }
    }

    /** A step before its swap has begun. */
    synchronized void announce(SwapEvent event) {
        if (announced.size() == ANNOUNCED) {
            announced.removeFirst();
        }
        announced.add(event);
    }

    /** A swap begins: what was announced for it is its own; what was announced for another of the unit is out of date. */
    synchronized void begin(Instant time, String unit, String from, String to) {
        Entry entry = new Entry(time, unit, from, to);
        announced.removeIf(event -> {
            if (event.unit().equals(unit) && event.version().equals(to)) {
                entry.add(event);
            }
            return event.unit().equals(unit);
        });
        current.put(unit, entry);
    }

    /** A step of the unit's swap, during it or after its end. */
    synchronized void add(SwapEvent event) {
        Entry entry = current.get(event.unit());
        if (entry != null) {
            entry.add(event);
        }
    }

    synchronized void end(String unit, Outcome outcome) {
        Entry entry = current.get(unit);
        if (entry != null) {
            entry.outcome = outcome;
            if (ended.size() == SWAPS) {
                ended.removeLast();
            }
            ended.addFirst(entry);
        }
    }

    /** The unit is gone: nothing more belongs to its last swap. */
    synchronized void forget(String unit) {
        current.remove(unit);
    }

    synchronized List<SwapRecord> history() {
        return ended.stream()
                .map(entry -> new SwapRecord(
                        entry.time, entry.unit, entry.from, entry.to, entry.outcome, List.copyOf(entry.events)))
                .toList();
    }
}
