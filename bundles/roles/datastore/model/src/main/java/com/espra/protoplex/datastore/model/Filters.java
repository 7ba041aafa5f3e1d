package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.model.Conjunction.Condition;
import com.google.datastore.v1.CompositeFilter;
import com.google.datastore.v1.Filter;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.PropertyFilter.Operator;
import com.google.datastore.v1.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Multiplies a filter out into conjunctions: IN and != are several conditions, of which one has to hold. */
final class Filters {

    private static final int MOST_DEPTH = 20;

    private final Validation validation;
    private final PartitionId partition;
    private final boolean metadata;

    /** @param metadata whether keys may have reserved names */
    Filters(Validation validation, PartitionId partition, boolean metadata) {
        this.metadata = metadata;
        this.validation = validation;
        this.partition = partition;
    }

    List<Conjunction> conjunctions(Filter filter) {
        return expand(filter, 0).stream().map(Conjunction::new).toList();
    }

    /** All conditions, in the order in which they are written. */
    List<Condition> conditions(Filter filter) {
        return expand(filter, 0).stream().flatMap(List::stream).toList();
    }

    private List<List<Condition>> expand(Filter filter, int depth) {
        if (depth > MOST_DEPTH) {
            throw RefusedException.invalid("filters are nested more than " + MOST_DEPTH + " levels deep");
        }
        return switch (filter.getFilterTypeCase()) {
            case FILTERTYPE_NOT_SET -> List.of(List.of());
            case PROPERTY_FILTER -> property(filter.getPropertyFilter());
            case COMPOSITE_FILTER -> composite(filter.getCompositeFilter(), depth);
        };
    }

    private List<List<Condition>> composite(CompositeFilter filter, int depth) {
        if (filter.getFiltersCount() == 0) {
            throw RefusedException.invalid("a composite filter must have at least one sub-filter");
        }
        List<List<Condition>> all = new ArrayList<>();
        switch (filter.getOp()) {
            case OR -> filter.getFiltersList().forEach(each -> all.addAll(bounded(expand(each, depth + 1))));
            case AND -> {
                all.add(List.of());
                for (Filter each : filter.getFiltersList()) {
                    List<List<Condition>> left = List.copyOf(all);
                    List<List<Condition>> right = expand(each, depth + 1);
                    if (left.size() * right.size() > Quotas.DISJUNCTIONS) {
                        throw tooMany();
                    }
                    all.clear();
                    for (List<Condition> one : left) {
                        for (List<Condition> other : right) {
                            List<Condition> both = new ArrayList<>(one);
                            both.addAll(other);
                            all.add(both);
                        }
                    }
                }
            }
            case OPERATOR_UNSPECIFIED, UNRECOGNIZED ->
                throw RefusedException.invalid("a composite filter without an operator");
        }
        return bounded(all);
    }

    private static List<List<Condition>> bounded(List<List<Condition>> all) {
        if (all.size() > Quotas.DISJUNCTIONS) {
            throw tooMany();
        }
        return all;
    }

    private static RefusedException tooMany() {
        return RefusedException.invalid("the query has more than " + Quotas.DISJUNCTIONS
                + " disjunctions when OR, IN, NOT_IN and != are " + "multiplied out");
    }

    private List<List<Condition>> property(PropertyFilter filter) {
        String name = filter.getProperty().getName();
        Validation.name("property name", name, name.equals(Conjunction.KEY));
        Value value = filter.getValue();
        return switch (filter.getOp()) {
            case EQUAL, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
                List.of(List.of(condition(name, filter.getOp(), value)));
            case HAS_ANCESTOR -> List.of(List.of(ancestor(name, value)));
            case NOT_EQUAL ->
                List.of(
                        List.of(condition(name, Operator.LESS_THAN, value)),
                        List.of(condition(name, Operator.GREATER_THAN, value)));
            case IN -> {
                List<List<Condition>> any = new ArrayList<>();
                operands(value, Quotas.DISJUNCTIONS)
                        .forEach(each -> any.add(List.of(condition(name, Operator.EQUAL, each))));
                yield any;
            }
            case NOT_IN -> notIn(name, operands(value, Quotas.NOT_IN));
            case OPERATOR_UNSPECIFIED, UNRECOGNIZED ->
                throw RefusedException.invalid("a filter of \"" + Validation.shown(name) + "\" without an operator");
        };
    }

    /** The ranges between the values. */
    private List<List<Condition>> notIn(String name, List<Value> values) {
        List<byte[]> sorted = values.stream()
                .map(value -> condition(name, Operator.EQUAL, value).value())
                .sorted(Arrays::compareUnsigned)
                .toList();
        List<List<Condition>> between = new ArrayList<>();
        for (int i = 0; i <= sorted.size(); i++) {
            List<Condition> range = new ArrayList<>();
            if (i > 0) {
                range.add(new Condition(name, Operator.GREATER_THAN, List.of(sorted.get(i - 1))));
            }
            if (i < sorted.size()) {
                range.add(new Condition(name, Operator.LESS_THAN, List.of(sorted.get(i))));
            }
            between.add(range);
        }
        return between;
    }

    private static List<Value> operands(Value value, int most) {
        int count = value.getArrayValue().getValuesCount();
        if (!value.hasArrayValue() || count == 0 || count > most) {
            throw RefusedException.invalid("IN and NOT_IN need an array of 1 to " + most + " values, not " + count);
        }
        return value.getArrayValue().getValuesList();
    }

    private Condition condition(String name, Operator operator, Value value) {
        if (name.equals(Conjunction.KEY)) {
            return new Condition(name, operator, List.of(Layout.path(key(value))));
        }
        return new Condition(name, operator, List.of(Values.encode(validation.operand(name, value))));
    }

    private Condition ancestor(String name, Value value) {
        if (!name.equals(Conjunction.KEY)) {
            throw RefusedException.invalid("HAS_ANCESTOR is for the property " + Conjunction.KEY);
        }
        return new Condition(name, Operator.HAS_ANCESTOR, List.of(Layout.pathPrefix(key(value))));
    }

    private Key key(Value value) {
        if (!value.hasKeyValue()) {
            throw RefusedException.invalid("a filter of " + Conjunction.KEY + " needs a key");
        }
        Key key = metadata ? validation.metadataKey(value.getKeyValue()) : validation.key(value.getKeyValue(), false);
        if (!key.getPartitionId().equals(partition)) {
            throw RefusedException.invalid("a filter of " + Conjunction.KEY + " has a key of another namespace");
        }
        return key;
    }
}
