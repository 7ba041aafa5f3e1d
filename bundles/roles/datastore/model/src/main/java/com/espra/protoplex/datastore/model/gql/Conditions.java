package com.espra.protoplex.datastore.model.gql;

import com.espra.protoplex.datastore.model.gql.Words.Sort;
import com.google.datastore.v1.CompositeFilter;
import com.google.datastore.v1.Filter;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.PropertyFilter.Operator;
import com.google.datastore.v1.Value;
import com.google.protobuf.NullValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What stands after WHERE. */
final class Conditions {

    private static final int DEEPEST = 30;

    private static final Map<String, Operator> OPERATORS = Map.of(
            "=", Operator.EQUAL,
            "<", Operator.LESS_THAN,
            "<=", Operator.LESS_THAN_OR_EQUAL,
            ">", Operator.GREATER_THAN,
            ">=", Operator.GREATER_THAN_OR_EQUAL,
            "!=", Operator.NOT_EQUAL);

    /** With the value at the left. */
    private static final Map<Operator, Operator> TURNED = Map.of(
            Operator.LESS_THAN, Operator.GREATER_THAN,
            Operator.LESS_THAN_OR_EQUAL, Operator.GREATER_THAN_OR_EQUAL,
            Operator.GREATER_THAN, Operator.LESS_THAN,
            Operator.GREATER_THAN_OR_EQUAL, Operator.LESS_THAN_OR_EQUAL);

    private final Words words;
    private final Operands operands;
    private int depth;

    Conditions(Words words, Operands operands) {
        this.words = words;
        this.operands = operands;
    }

    /** One of those between OR. */
    Filter any() {
        return joined("OR", CompositeFilter.Operator.OR, this::all);
    }

    private Filter all() {
        return joined("AND", CompositeFilter.Operator.AND, this::one);
    }

    private Filter joined(String word, CompositeFilter.Operator operator, Supplier<Filter> part) {
        List<Filter> parts = new ArrayList<>();
        do {
            parts.add(part.get());
        } while (words.takes(word));
        return parts.size() == 1
                ? parts.getFirst()
                : Filter.newBuilder()
                        .setCompositeFilter(
                                CompositeFilter.newBuilder().setOp(operator).addAllFilters(parts))
                        .build();
    }

    private Filter one() {
        if (!words.takesMark("(")) {
            return isValue() ? turned() : property(words.path());
        }
        if (++depth > DEEPEST) {
            throw Words.refused("parentheses are nested more than " + DEEPEST + " times");
        }
        Filter inner = any();
        words.requireMark(")");
        depth--;
        return inner;
    }

    private boolean isValue() {
        Sort sort = words.peek().sort();
        return sort == Sort.BINDING
                || sort == Sort.TEXT
                || sort == Sort.NUMBER
                || sort == Sort.MARK
                || words.isCall("KEY")
                || words.isCall("DATETIME")
                || words.isCall("BLOB");
    }

    /** The value is at the left. */
    private Filter turned() {
        Value value = operands.value();
        if (words.takes("HAS", "DESCENDANT")) {
            return filter(words.path(), Operator.HAS_ANCESTOR, value);
        }
        if (words.takes("IN")) {
            return filter(words.path(), Operator.EQUAL, value);
        }
        Operator operator = operator();
        return filter(words.path(), TURNED.getOrDefault(operator, operator), value);
    }

    private Filter property(String name) {
        if (words.takes("IS")) {
            words.require("NULL");
            return filter(
                    name,
                    Operator.EQUAL,
                    Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build());
        }
        if (words.takes("HAS", "ANCESTOR")) {
            return filter(name, Operator.HAS_ANCESTOR, operands.value());
        }
        if (words.takes("CONTAINS")) {
            return filter(name, Operator.EQUAL, operands.value());
        }
        if (words.takes("NOT", "IN")) {
            return filter(name, Operator.NOT_IN, several());
        }
        if (words.takes("IN")) {
            return filter(name, Operator.IN, several());
        }
        Operator operator = operator();
        return filter(name, operator, operands.value());
    }

    private Value several() {
        return words.peek().sort() == Sort.MARK ? operands.array() : operands.value();
    }

    private Operator operator() {
        Operator operator =
                words.peek().sort() == Sort.MARK ? OPERATORS.get(words.peek().text()) : null;
        if (operator == null) {
            throw words.expected("an operator");
        }
        words.take();
        return operator;
    }

    private static Filter filter(String property, Operator operator, Value value) {
        PropertyFilter.Builder filter =
                PropertyFilter.newBuilder().setOp(operator).setValue(value);
        filter.getPropertyBuilder().setName(property);
        return Filter.newBuilder().setPropertyFilter(filter).build();
    }
}
