package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.espra.protoplex.datastore.model.CompositeIndex.Part;
import com.espra.protoplex.datastore.model.CompositeIndex.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Composite indexes that have the results of a conjunction in their order: one, or several that have the same order after equalities of
 * different properties, which are joined.
 */
final class CompositeMatch {

    private static final byte[] AFTER = {(byte) 0xFF};

    private final QueryPlan plan;
    private final Conjunction conjunction;
    /** The order without the key. */
    private final List<Part> order;

    private final Set<String> equal = new HashSet<>();
    private final boolean keyDescending;
    private final List<byte[]> prefixes = new ArrayList<>();
    private boolean backward;

    private CompositeMatch(QueryPlan plan, Conjunction conjunction) {
        this.plan = plan;
        this.conjunction = conjunction;
        order = plan.orders().stream()
                .filter(each -> !each.property().equals(Conjunction.KEY))
                .map(each -> new Part(each.property(), each.descending()))
                .toList();
        keyDescending = plan.orders().getLast().descending();
        conjunction.bounds().forEach((property, bounds) -> {
            if (!property.equals(Conjunction.KEY)
                    && !bounds.equal().isEmpty()
                    && order.stream().noneMatch(each -> each.property().equals(property))) {
                equal.add(property);
            }
        });
    }

    /** Null if there are none. */
    static @Nullable CompositeMatch find(QueryPlan plan, Conjunction conjunction, List<CompositeIndex> indexes) {
        CompositeMatch match = new CompositeMatch(plan, conjunction);
        return match.find(indexes.stream()
                        .filter(each -> each.state() == State.READY)
                        .toList())
                ? match
                : null;
    }

    /** What such a query needs; null if built-in indexes do. */
    static @Nullable CompositeIndex wanted(QueryPlan plan, Conjunction conjunction) {
        CompositeMatch match = new CompositeMatch(plan, conjunction);
        boolean ancestor = conjunction.ancestor() != null;
        List<Part> parts = new ArrayList<>();
        match.equal.stream().sorted().forEach(each -> parts.add(new Part(each, false)));
        parts.addAll(match.order);
        if (parts.isEmpty() || (!ancestor && parts.size() == 1 && !match.order.isEmpty())) {
            return null;
        }
        if (match.keyDescending != parts.getLast().descending()) {
            parts.add(new Part(Conjunction.KEY, match.keyDescending));
        }
        return CompositeIndex.wanted(plan.kind(), ancestor, parts);
    }

    private boolean find(List<CompositeIndex> indexes) {
        List<CompositeIndex> fitting = indexes.stream()
                .filter(each -> each.kind().equals(plan.kind())
                        && each.ancestor() == (conjunction.ancestor() != null)
                        && fits(each, false))
                .toList();
        for (CompositeIndex each : fitting) {
            if (equals(each).equals(equal)) {
                addPrefixes(each);
                return true;
            }
        }
        for (CompositeIndex each : indexes) {
            if (each.kind().equals(plan.kind())
                    && each.ancestor() == (conjunction.ancestor() != null)
                    && equals(each).equals(equal)
                    && fits(each, true)
                    && conjunction.bounds().values().stream()
                            .allMatch(bounds -> bounds.equal().size() < 2)) {
                backward = true;
                addPrefixes(each);
                return true;
            }
        }
        Set<String> covered = new HashSet<>();
        for (CompositeIndex each : fitting) {
            Set<String> more = equals(each);
            if (!more.isEmpty() && !covered.containsAll(more)) {
                covered.addAll(more);
                addPrefixes(each);
            }
        }
        return !equal.isEmpty() && covered.equals(equal);
    }

    /** Whether it ends with the order, or with the opposite of it, and begins with equalities alone. */
    private boolean fits(CompositeIndex index, boolean opposite) {
        List<Part> parts = index.properties();
        int from = parts.size() - order.size();
        if (from < 0 || index.keyDescending() != (keyDescending ^ opposite) || !equal.containsAll(equals(index))) {
            return false;
        }
        for (int i = 0; i < order.size(); i++) {
            Part part = parts.get(from + i);
            if (!part.property().equals(order.get(i).property())
                    || part.descending() != (order.get(i).descending() ^ opposite)) {
                return false;
            }
        }
        return true;
    }

    private Set<String> equals(CompositeIndex index) {
        Set<String> names = new HashSet<>();
        List<Part> parts = index.properties();
        parts.subList(0, Math.max(0, parts.size() - order.size())).forEach(each -> names.add(each.property()));
        return names;
    }

    /** One for each value that a property must have: what is left of the conditions is looked at in the entity. */
    private void addPrefixes(CompositeIndex index) {
        List<Part> parts = index.properties().subList(0, index.properties().size() - order.size());
        int values = parts.stream()
                .mapToInt(each -> conjunction.equal(each.property()).size())
                .max()
                .orElse(1);
        for (int i = 0; i < values && prefixes.size() < Drive.MOST_JOINED; i++) {
            byte[] prefix = index.prefix(plan.partitionId().getNamespaceId());
            if (conjunction.ancestor() != null) {
                prefix = Bytes.join(prefix, conjunction.ancestor(), new byte[1]);
            }
            for (Part part : parts) {
                List<byte[]> wanted = conjunction.equal(part.property());
                byte[] value = wanted.get(Math.min(i, wanted.size() - 1));
                prefix = Bytes.join(prefix, part.descending() ? QueryPlan.inverted(value) : value);
            }
            prefixes.add(prefix);
        }
    }

    byte[] path(byte[] row) {
        byte[] rest = row;
        for (Part part : order) {
            byte[] plain = part.descending() ^ backward ? QueryPlan.inverted(rest) : rest;
            rest = Arrays.copyOfRange(rest, Values.length(plain), rest.length);
        }
        return keyDescending ^ backward ? QueryPlan.inverted(rest) : rest;
    }

    byte[] position(byte[] row) {
        return backward ? QueryPlan.inverted(row) : row;
    }

    /** @param start a position to go on at; empty for the beginning */
    PathSource open(View view, byte[] start) {
        byte[] from = new byte[0];
        byte[] to = new byte[0];
        Bounds bounds = order.isEmpty()
                ? null
                : conjunction.bounds().get(order.getFirst().property());
        if (bounds != null) {
            byte[] low = bounds.lowest();
            byte[] high = bounds.highest();
            boolean inverted = order.getFirst().descending() ^ backward;
            // What follows a value never begins with 0 or 255, inverted or not.
            from = inverted ? inverted(high) : low == null ? from : low;
            to = inverted ? inverted(low) : high == null ? to : high;
        }
        if (start.length > 0 && backward) {
            byte[] end = Bytes.after(QueryPlan.inverted(start));
            to = to.length == 0 || Arrays.compareUnsigned(end, to) < 0 ? end : to;
        } else if (start.length > 0) {
            from = Arrays.compareUnsigned(start, from) > 0 ? start : from;
        }
        byte[] first = from;
        byte[] end = to;
        return prefixes.size() == 1
                ? new PathSource.Range(view, prefixes.getFirst(), first, end, backward)
                : PathSource.Merge.of(view, prefixes, first, end);
    }

    private static byte[] inverted(byte @Nullable [] bound) {
        return bound == null ? new byte[0] : Bytes.join(QueryPlan.inverted(bound), AFTER);
    }
}
