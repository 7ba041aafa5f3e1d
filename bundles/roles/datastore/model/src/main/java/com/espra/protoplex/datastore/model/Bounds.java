package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.google.datastore.v1.PropertyFilter.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a conjunction asks of one property: values that it must have, and a range that one of its values must be in. A bound is a byte
 * string before or after all rows of a value, which go on with a path: that begins with 1.
 */
final class Bounds {

    private static final byte[] FIRST_OF_PATH = {1};
    private static final byte[] AFTER_PATHS = {(byte) 0xFF};

    private final List<byte[]> equal = new ArrayList<>();
    private byte @Nullable [] low;
    private byte @Nullable [] high;

    void add(Operator operator, byte[] value) {
        switch (operator) {
            case EQUAL -> equal.add(value);
            case GREATER_THAN -> raise(Bytes.join(value, AFTER_PATHS));
            case GREATER_THAN_OR_EQUAL -> raise(value);
            case LESS_THAN -> lower(value);
            case LESS_THAN_OR_EQUAL -> lower(Bytes.join(value, AFTER_PATHS));
            default -> throw new IllegalArgumentException(operator.name());
        }
    }

    private void raise(byte[] bound) {
        low = low == null || Arrays.compareUnsigned(bound, low) > 0 ? bound : low;
    }

    private void lower(byte[] bound) {
        high = high == null || Arrays.compareUnsigned(bound, high) < 0 ? bound : high;
    }

    List<byte[]> equal() {
        return equal;
    }

    boolean isRange() {
        return low != null || high != null;
    }

    byte @Nullable [] low() {
        return low;
    }

    byte @Nullable [] high() {
        return high;
    }

    /** Where values begin of which one is asked for, an equality as well. */
    byte @Nullable [] lowest() {
        return equal.isEmpty() ? low : equal.getFirst();
    }

    /** Where they end. */
    byte @Nullable [] highest() {
        return equal.isEmpty() ? high : Bytes.join(equal.getFirst(), AFTER_PATHS);
    }

    /** Whether it is a value of which one is asked for. */
    boolean admits(byte[] value) {
        return inRange(value) && (equal.isEmpty() || Arrays.equals(equal.getFirst(), value));
    }

    boolean inRange(byte[] value) {
        byte[] row = Bytes.join(value, FIRST_OF_PATH);
        return (low == null || Arrays.compareUnsigned(row, low) >= 0)
                && (high == null || Arrays.compareUnsigned(row, high) < 0);
    }

    /** Whether a property with these values is meant: several inequalities are for one value together. */
    boolean match(Collection<byte[]> values) {
        for (byte[] wanted : equal) {
            if (values.stream().noneMatch(value -> Arrays.equals(value, wanted))) {
                return false;
            }
        }
        return !isRange() || values.stream().anyMatch(this::inRange);
    }
}
