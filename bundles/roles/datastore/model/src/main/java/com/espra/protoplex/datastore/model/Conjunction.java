package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.google.datastore.v1.PropertyFilter.Operator;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conditions that must all hold: one way to be in the result of a query. */
final class Conjunction {

    static final String KEY = "__key__";

    private final Map<String, Bounds> bounds = new LinkedHashMap<>();
    private byte[] from = new byte[0];
    private byte[] to = new byte[0];
    private byte @Nullable [] ancestor;

    /**
     * A single condition.
     *
     * @param operand as values are ordered; a path if the property is the key
     */
    record Condition(String property, Operator operator, List<byte[]> operand) {

        byte[] value() {
            return operand.getFirst();
        }
    }

    Conjunction(List<Condition> conditions) {
        for (Condition condition : conditions) {
            if (condition.operator == Operator.HAS_ANCESTOR) {
                within(condition.value(), Bytes.afterPrefix(condition.value()));
                // The deepest of several: if one is not within the other, nothing is found.
                ancestor =
                        ancestor == null || ancestor.length < condition.value().length ? condition.value() : ancestor;
            } else {
                bounds.computeIfAbsent(condition.property, _ -> new Bounds())
                        .add(condition.operator, condition.value());
            }
        }
        Bounds key = bounds.get(KEY);
        if (key != null) {
            byte[] low = key.low();
            byte[] high = key.high();
            within(low == null ? new byte[0] : low, high == null ? new byte[0] : high);
            key.equal().forEach(path -> within(path, Bytes.after(path)));
        }
    }

    private void within(byte[] low, byte[] high) {
        from = Arrays.compareUnsigned(low, from) > 0 ? low : from;
        to = to.length == 0 || (high.length > 0 && Arrays.compareUnsigned(high, to) < 0) ? high : to;
    }

    /** What the path of the ancestor begins with, if there is one. */
    byte @Nullable [] ancestor() {
        return ancestor;
    }

    /** Where the paths begin. */
    byte[] from() {
        return from;
    }

    /** Before which the paths end; empty for no end. */
    byte[] to() {
        return to;
    }

    /** Property to what is asked of it, the key's included. */
    Map<String, Bounds> bounds() {
        return bounds;
    }

    /** Whether a property must have a certain value, so that an order by it is none. */
    boolean isEqual(String property) {
        return !equal(property).isEmpty();
    }

    /** The values that a property must have, mostly one; none if it may have any. */
    List<byte[]> equal(String property) {
        Bounds found = bounds.get(property);
        return found == null ? List.of() : found.equal();
    }

    boolean matches(IndexedValues values, byte[] path) {
        return matchesPath(path)
                && bounds.entrySet().stream()
                        .filter(each -> !each.getKey().equals(KEY))
                        .allMatch(each ->
                                each.getValue().match(values.of(each.getKey()).keySet()));
    }

    boolean matchesPath(byte[] path) {
        Bounds key = bounds.get(KEY);
        return Arrays.compareUnsigned(path, from) >= 0
                && (to.length == 0 || Arrays.compareUnsigned(path, to) < 0)
                && (key == null || key.match(List.of(path)));
    }
}
