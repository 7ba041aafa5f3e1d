package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which index leads through one conjunction, and whether it has the results in their order already. Equalities are joined by their keys;
 * else the property of the first order or of a range leads; else the kind.
 */
final class Drive {

    static final int MOST_JOINED = 5;

    private final QueryPlan plan;
    private final Conjunction conjunction;
    private final List<byte[]> joined = new ArrayList<>();
    private final @Nullable String property;
    private final boolean backward;
    private final boolean inOrder;
    private final boolean covered;
    private final @Nullable CompositeMatch composite;

    /** @throws RefusedException if composite indexes are required, and the one that the query needs is not there */
    Drive(QueryPlan plan, Conjunction conjunction, View view) {
        this.plan = plan;
        this.conjunction = conjunction;
        boolean residual = false;
        for (Map.Entry<String, Bounds> each : conjunction.bounds().entrySet()) {
            if (each.getKey().equals(Conjunction.KEY)) {
                residual |= each.getValue().equal().size() > 1;
                continue;
            }
            for (byte[] value : each.getValue().equal()) {
                if (joined.size() < MOST_JOINED) {
                    joined.add(Bytes.join(Layout.index(plan.partition(), plan.kind(), each.getKey()), value));
                } else {
                    residual = true;
                }
            }
            residual |= each.getValue().isRange();
        }
        QueryPlan.Order first = plan.orders().getFirst();
        if (!joined.isEmpty()) {
            property = null;
            backward = false;
            inOrder = plan.isByKey() && !first.descending();
        } else {
            property = leading(first);
            backward = first.descending()
                    && (property == null ? plan.isByKey() : first.property().equals(property));
            inOrder = property == null
                    ? plan.isByKey()
                    : first.property().equals(property)
                            && plan.orders().size() == 2
                            && plan.orders().getLast().descending() == first.descending();
        }
        composite = plan.isScattered() || (inOrder && (property == null || conjunction.ancestor() == null))
                ? null
                : composite(view);
        covered = composite == null && !residual && property == null && inOrder && plan.isKeyEnough();
    }

    private @Nullable CompositeMatch composite(View view) {
        List<CompositeIndex> indexes = view.indexes(plan.partitionId());
        CompositeMatch match = CompositeMatch.find(plan, conjunction, indexes);
        CompositeIndex wanted = match == null ? CompositeMatch.wanted(plan, conjunction) : null;
        if (wanted != null) {
            view.indexes().advice().wants(plan.partitionId(), wanted, indexes);
        }
        return match;
    }

    private @Nullable String leading(QueryPlan.Order first) {
        if (!first.property().equals(Conjunction.KEY) && !plan.isScattered()) {
            return first.property();
        }
        return conjunction.bounds().entrySet().stream()
                .filter(each -> !each.getKey().equals(Conjunction.KEY)
                        && each.getValue().isRange())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** Whether results come in the order of the query. */
    boolean inOrder() {
        return inOrder || composite != null;
    }

    /** Whether each row is a result, and its key all that is asked for. */
    boolean covered() {
        return covered;
    }

    byte[] path(byte[] row) {
        if (composite != null) {
            return composite.path(row);
        }
        return property == null ? row : Arrays.copyOfRange(row, Values.length(row), row.length);
    }

    /** The position that a row stands for, if rows are in order. */
    byte[] position(byte[] row) {
        if (composite != null) {
            return composite.position(row);
        }
        return backward ? QueryPlan.inverted(row) : row;
    }

    /**
     * Opens it.
     *
     * @param start a position to go on at, if rows are in order; empty for the beginning
     */
    PathSource open(View view, byte[] start) {
        if (composite != null) {
            return composite.open(view, start);
        }
        byte[] from = conjunction.from();
        byte[] to = conjunction.to();
        if (property != null) {
            Bounds bounds = conjunction.bounds().get(property);
            byte[] low = bounds == null ? null : bounds.low();
            byte[] high = bounds == null ? null : bounds.high();
            from = low == null ? new byte[0] : low;
            to = high == null ? new byte[0] : high;
        }
        if (inOrder && start.length > 0) {
            byte[] row = backward ? QueryPlan.inverted(start) : start;
            if (!backward) {
                from = Arrays.compareUnsigned(row, from) > 0 ? row : from;
            } else {
                byte[] end = Bytes.after(row);
                to = to.length == 0 || Arrays.compareUnsigned(end, to) < 0 ? end : to;
            }
        }
        if (joined.isEmpty()) {
            return new PathSource.Range(view, prefix(), from, to, backward);
        }
        return PathSource.Merge.of(view, joined, from, to);
    }

    private byte[] prefix() {
        if (property != null) {
            return Layout.index(plan.partition(), plan.kind(), property);
        }
        return plan.kind().isEmpty() ? Layout.entities(plan.partition()) : Layout.kind(plan.partition(), plan.kind());
    }
}
