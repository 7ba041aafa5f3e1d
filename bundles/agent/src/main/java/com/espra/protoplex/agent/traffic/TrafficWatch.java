package com.espra.protoplex.agent.traffic;

import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps apart what became of the requests of the build that serves and of the one before it: the meters count over all builds of a unit.
 * What the build before had under way when it was replaced, and ended later, counts for the one that serves.
 *
 * <p>Threads: safe from any. It reads meters, and is on the way of no request.
 */
public final class TrafficWatch {

    /** How far back the build before is remembered. */
    private static final Duration MEMORY = Duration.ofMinutes(5);

    private static final Duration APART = Duration.ofSeconds(10);

    private final Supplier<List<UnitTraffic>> meters;
    private final Supplier<Map<String, String>> live;
    private final LongSupplier nanoTime;
    private final Map<String, Unit> units = new HashMap<>();
    private long told = -1;

    /** One unit. */
    private static final class Unit {

        private final Deque<Counted> history = new ArrayDeque<>();
        private String digest;
        private Counted begin;
        private LinkFrame.Requests before = LinkFrame.Requests.NONE;

        Unit(String digest, Counted begin) {
            this.digest = digest;
            this.begin = begin;
            history.add(begin);
        }
    }

    /**
     * @param meters what is counted
     * @param live unit to what serves it, as the Seed calls it
     * @param nanoTime the time, as {@link System#nanoTime}
     */
    public TrafficWatch(Supplier<List<UnitTraffic>> meters, Supplier<Map<String, String>> live, LongSupplier nanoTime) {
        this.meters = meters;
        this.live = live;
        this.nanoTime = nanoTime;
    }

    /** Looks at the meters: every few seconds, and right after another build has come to serve. */
    public synchronized void look() {
        long now = nanoTime.getAsLong();
        Map<String, Counted> counted = new HashMap<>();
        meters.get().stream()
                .limit(LinkFrame.Traffic.MOST)
                .forEach(traffic -> counted.put(traffic.unit(), Counted.of(traffic, now)));
        Map<String, String> serving = live.get();
        units.keySet().retainAll(counted.keySet());
        counted.forEach((unit, current) -> look(unit, current, serving.getOrDefault(unit, "")));
    }

    private void look(String name, Counted current, String digest) {
        Unit unit = units.computeIfAbsent(name, any -> new Unit(digest, Counted.none(current.nanos())));
        if (current.isBefore(unit.begin)) {
            unit.begin = Counted.none(current.nanos());
            unit.history.clear();
            unit.history.add(unit.begin);
        }
        if (!unit.digest.equals(digest)) {
            unit.before = unit.digest.isEmpty() ? LinkFrame.Requests.NONE : current.since(unit.history.getFirst());
            unit.begin = current;
            unit.digest = digest;
            unit.history.clear();
            unit.history.add(current);
        }
        if (current.nanos() - unit.history.getLast().nanos() >= APART.toNanos()) {
            unit.history.add(current);
        }
        while (unit.history.size() > 1
                && current.nanos() - unit.history.getFirst().nanos() > MEMORY.toNanos()) {
            unit.history.removeFirst();
        }
    }

    /** What the Seed is told. */
    public synchronized List<LinkFrame.Traffic> report() {
        look();
        Map<String, LinkFrame.Traffic> report = new TreeMap<>();
        long sum = 0;
        long now = nanoTime.getAsLong();
        for (UnitTraffic traffic : meters.get()) {
            Unit unit = units.get(traffic.unit());
            if (unit != null && !unit.digest.isEmpty()) {
                Counted current = Counted.of(traffic, now);
                sum += current.count();
                report.put(
                        traffic.unit(),
                        new LinkFrame.Traffic(traffic.unit(), unit.digest, current.since(unit.begin), unit.before));
            }
        }
        told = sum;
        return List.copyOf(report.values());
    }

    /** Whether requests have ended since it was last told. */
    public synchronized boolean isNews() {
        look();
        return meters.get().stream()
                        .filter(traffic -> {
                            Unit unit = units.get(traffic.unit());
                            return unit != null && !unit.digest.isEmpty();
                        })
                        .mapToLong(traffic -> traffic.byStatus().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .sum()
                != Math.max(0, told);
    }
}
