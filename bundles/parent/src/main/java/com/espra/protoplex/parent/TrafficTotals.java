package com.espra.protoplex.parent;

import com.espra.protoplex.api.http.UnitTraffic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What children count, together. A child that ends takes nothing back of what it has told.
 *
 * @param <C> a child: another one for each process
 */
final class TrafficTotals<C> {

    /** Of more units those that no child has are forgotten. */
    private static final int MOST = 512;

    private final Map<C, Child> children = new HashMap<>();
    private final Map<String, UnitTraffic> totals = new TreeMap<>();

    private static final class Child {

        private long asked;
        private long heard;
        private Map<String, UnitTraffic> last = Map.of();
    }

    /** These are there; what comes of any other one is too late. */
    synchronized void retain(Collection<C> present) {
        children.keySet().retainAll(present);
    }

    /**
     * A child is asked.
     *
     * @return by which number to tell of its answer
     */
    synchronized long asked(C child) {
        return ++children.computeIfAbsent(child, any -> new Child()).asked;
    }

    /** A child's answer to what was asked by that number; one that a later one overtook says nothing. */
    synchronized void heard(C child, long number, List<UnitTraffic> told) {
        Child known = children.get(child);
        if (known == null || number <= known.heard) {
            return;
        }
        known.heard = number;
        Map<String, UnitTraffic> now = new HashMap<>();
        for (UnitTraffic traffic : told) {
            UnitTraffic before = known.last.getOrDefault(traffic.unit(), none(traffic.unit()));
            // Its meters began anew.
            UnitTraffic since = count(traffic) < count(before) ? none(traffic.unit()) : before;
            totals.merge(traffic.unit(), sum(traffic, since, -1), (total, more) -> sum(total, more, 1));
            now.put(traffic.unit(), traffic);
        }
        known.last = now;
        if (totals.size() > MOST) {
            totals.keySet().removeIf(unit -> children.values().stream().noneMatch(each -> each.last.containsKey(unit)));
        }
    }

    /** All that was told, by the names of units. */
    synchronized List<UnitTraffic> traffic() {
        return List.copyOf(totals.values());
    }

    private static UnitTraffic none(String unit) {
        return new UnitTraffic(unit, List.of(), List.of(), 0);
    }

    private static long count(UnitTraffic traffic) {
        return traffic.byStatus().stream().mapToLong(Long::longValue).sum();
    }

    private static UnitTraffic sum(UnitTraffic one, UnitTraffic other, int sign) {
        return new UnitTraffic(
                one.unit(),
                sum(one.byStatus(), other.byStatus(), sign),
                sum(one.bySeconds(), other.bySeconds(), sign),
                one.seconds() + sign * other.seconds());
    }

    private static List<Long> sum(List<Long> one, List<Long> other, int sign) {
        List<Long> sum = new ArrayList<>();
        for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
            sum.add(at(one, i) + sign * at(other, i));
        }
        return sum;
    }

    private static long at(List<Long> counts, int index) {
        return index < counts.size() ? counts.get(index) : 0;
    }
}
