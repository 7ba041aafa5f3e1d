package com.espra.protoplex.datastore.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Commits that wait for the end of transactions, and who waits for whom. docs/decisions/0302-a-commit-waits-for-who-has-read.md
 *
 * <p>Threads: that of the commits alone.
 *
 * @param <T> a commit
 */
final class Parked<T> {

    /** After it a commit is refused. */
    static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Map<T, Place> places = new LinkedHashMap<>();

    /**
     * Where one waits.
     *
     * @param number those that began after it do not keep it
     */
    record Place(ReadSet own, List<ReadSet> blockers, long number, long since) {}

    int size() {
        return places.size();
    }

    void add(T commit, Place place) {
        places.put(commit, place);
    }

    /** Takes those that nobody keeps any more, or who have waited for too long, in the order in which they came. */
    Map<T, Place> takeReady(Predicate<ReadSet> holds) {
        if (places.isEmpty()) {
            return Map.of();
        }
        long now = System.nanoTime();
        Map<T, Place> ready = new LinkedHashMap<>();
        places.forEach((commit, place) -> {
            if (now - place.since > LONGEST_NANOS || place.blockers.stream().noneMatch(holds)) {
                ready.put(commit, place);
            }
        });
        places.keySet().removeAll(ready.keySet());
        return ready;
    }

    /** Takes all of them. */
    List<T> takeAll() {
        List<T> all = new ArrayList<>(places.keySet());
        places.clear();
        return all;
    }

    /** Those that wait in a circle with a transaction, if it waited for these; empty if there is no circle. */
    List<T> circle(ReadSet own, List<ReadSet> blockers) {
        List<T> circle = new ArrayList<>();
        Set<ReadSet> seen = new HashSet<>();
        List<ReadSet> next = new ArrayList<>(blockers);
        boolean closed = false;
        while (!next.isEmpty()) {
            ReadSet blocker = next.removeLast();
            if (!seen.add(blocker)) {
                continue;
            }
            for (Map.Entry<T, Place> each : places.entrySet()) {
                if (each.getValue().own == blocker) {
                    circle.add(each.getKey());
                    closed |= each.getValue().blockers.contains(own);
                    next.addAll(each.getValue().blockers);
                }
            }
        }
        return closed ? circle : List.of();
    }

    void remove(T commit) {
        places.remove(commit);
    }
}
