package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.espra.protoplex.datastore.model.Conjunction.Condition;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.PropertyFilter.Operator;
import com.google.datastore.v1.PropertyOrder;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.Value;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** A query, checked: what it asks for, in which order, and what of an entity it wants. */
final class QueryPlan {

    private static final int CURSOR_BYTES = 8;

    private final Query query;
    private final Validation validation;
    private final PartitionId partitionId;
    private final byte[] partition;
    private final String kind;
    private final List<Conjunction> conjunctions;
    private final List<Order> orders = new ArrayList<>();
    /** Properties that a result must have, though it is not ordered by them. */
    private final List<String> required = new ArrayList<>();

    private final List<String> projection;
    private final boolean keysOnly;
    private final List<String> distinct;
    private final byte[] identity;

    /** One property of the order. */
    record Order(String property, boolean descending) {}

    /**
     * @param ordered whether the order matters
     * @param keys whether no more is wanted than keys, though the query does not say so
     */
    QueryPlan(Query query, PartitionId partitionId, Validation validation, boolean ordered, boolean keys) {
        this.query = query;
        this.validation = validation;
        this.partitionId = partitionId;
        partition = Layout.partition(partitionId);
        if (query.getKindCount() > 1) {
            throw RefusedException.invalid("a query may have one kind");
        }
        kind = query.getKindCount() == 0 ? "" : query.getKind(0).getName();
        if (!kind.isEmpty()) {
            Validation.name("kind", kind, true);
            if (Validation.isReserved(kind) && !Metadata.isKind(kind)) {
                throw RefusedException.unimplemented("the kind " + Validation.shown(kind));
            }
        }
        if (query.hasFindNearest()) {
            throw RefusedException.unimplemented("find_nearest");
        }
        if (query.getOffset() < 0 || (query.hasLimit() && query.getLimit().getValue() < 0)) {
            throw RefusedException.invalid("offset and limit must not be negative");
        }
        Filters filters = new Filters(validation, partitionId, isMetadata());
        conjunctions = filters.conjunctions(query.getFilter());
        List<String> names = query.getProjectionList().stream()
                .map(each -> each.getProperty().getName())
                .toList();
        keysOnly = keys || names.equals(List.of(Conjunction.KEY));
        projection = names.stream()
                .filter(name -> !name.equals(Conjunction.KEY))
                .distinct()
                .toList();
        List<Condition> conditions = filters.conditions(query.getFilter());
        requireKind(conditions);
        distinct = query.getDistinctOnList().stream()
                .map(each -> each.getName())
                .distinct()
                .toList();
        requireDistinct();
        order(conditions, ordered);
        requireProjection(conditions);
        if (isMetadata()) {
            requireMetadata(conditions);
        }
        identity = identity();
    }

    /** Whether it is about what there is. */
    boolean isMetadata() {
        return Metadata.isKind(kind);
    }

    private void requireMetadata(List<Condition> conditions) {
        boolean projects = !projection.isEmpty()
                && !(kind.equals(Metadata.PROPERTY) && projection.equals(List.of(Metadata.REPRESENTATION)));
        if (conditions.stream().anyMatch(each -> !each.property().equals(Conjunction.KEY))
                || !isByKey()
                || orders.getFirst().descending()
                || projects) {
            throw RefusedException.invalid("queries of the kind " + kind
                    + " have filters and orders of __key__ alone, ascending, and no projection but that of __key__"
                    + " or, of a __property__, of " + Metadata.REPRESENTATION);
        }
    }

    private void requireDistinct() {
        if (!projection.containsAll(distinct)) {
            throw RefusedException.invalid("the properties of distinct_on must be in the projection");
        }
        List<String> first = query.getOrderList().stream()
                .limit(distinct.size())
                .map(each -> each.getProperty().getName())
                .toList();
        if (!distinct.containsAll(first)) {
            throw RefusedException.invalid(
                    "the properties of distinct_on must come before others in the order of the query");
        }
    }

    /** Of the results that have the same values of these, the first alone is wanted; empty for all. */
    List<String> distinct() {
        return distinct;
    }

    /** Whether a sample of keys is asked for. */
    boolean isScattered() {
        return orders.getFirst().property.equals(Scatter.PROPERTY);
    }

    Validation validation() {
        return validation;
    }

    private void requireKind(List<Condition> conditions) {
        if (!kind.isEmpty()) {
            return;
        }
        for (Condition condition : conditions) {
            if (!condition.property().equals(Conjunction.KEY)) {
                throw RefusedException.invalid(
                        "kind is required for filter: " + Validation.shown(condition.property()));
            }
        }
        for (PropertyOrder order : query.getOrderList()) {
            if (!order.getProperty().getName().equals(Conjunction.KEY)
                    || order.getDirection() == PropertyOrder.Direction.DESCENDING) {
                throw RefusedException.invalid("kind is required for all orders except __key__ ascending");
            }
        }
        if (!projection.isEmpty()) {
            throw RefusedException.invalid("kind is required for a projection");
        }
    }

    private void order(List<Condition> conditions, boolean ordered) {
        for (PropertyOrder each : query.getOrderList()) {
            String name = each.getProperty().getName();
            if (name.equals(Scatter.PROPERTY)) {
                requireScatter(each);
            }
            Validation.name("property name", name, name.equals(Conjunction.KEY) || name.equals(Scatter.PROPERTY));
            boolean descending = each.getDirection() == PropertyOrder.Direction.DESCENDING;
            boolean known = orders.stream().anyMatch(order -> order.property.equals(name));
            // All results have one value then, as a rule; Google ignores such an order, too.
            boolean constant = !name.equals(Conjunction.KEY)
                    && conjunctions.size() == 1
                    && conjunctions.getFirst().isEqual(name);
            if (!ordered && !name.equals(Conjunction.KEY)) {
                required.add(name);
            } else if (!known && !constant) {
                orders.add(new Order(name, descending));
            }
            if (name.equals(Conjunction.KEY)) {
                return;
            }
        }
        if (orders.isEmpty()) {
            conditions.stream()
                    .filter(each -> each.operator() != Operator.EQUAL
                            && each.operator() != Operator.HAS_ANCESTOR
                            && !each.property().equals(Conjunction.KEY))
                    .findFirst()
                    .filter(each -> conjunctions.stream()
                            .allMatch(conjunction -> conjunction.bounds().containsKey(each.property())))
                    .ifPresent(each -> orders.add(new Order(each.property(), false)));
        }
        if (ordered) {
            distinct.stream()
                    .filter(each -> orders.stream().noneMatch(order -> order.property.equals(each)))
                    .forEach(each -> orders.add(new Order(each, false)));
        }
        orders.add(new Order(Conjunction.KEY, !orders.isEmpty() && orders.getLast().descending));
    }

    private void requireScatter(PropertyOrder order) {
        if (!keysOnly
                || !query.getOrder(0).equals(order)
                || order.getDirection() == PropertyOrder.Direction.DESCENDING
                || isMetadata()) {
            throw RefusedException.invalid(
                    Scatter.PROPERTY + " is the first order of a query for keys alone, and ascending");
        }
    }

    private void requireProjection(List<Condition> conditions) {
        for (Condition condition : conditions) {
            if (condition.operator() == Operator.EQUAL && projection.contains(condition.property())) {
                throw RefusedException.invalid("cannot use projection on a property with an equality filter: "
                        + Validation.shown(condition.property()));
            }
        }
    }

    private byte[] identity() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(partition);
            return Arrays.copyOf(
                    digest.digest(query.toBuilder()
                            .clearLimit()
                            .clearOffset()
                            .clearStartCursor()
                            .clearEndCursor()
                            .build()
                            .toByteArray()),
                    CURSOR_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] partition() {
        return partition;
    }

    PartitionId partitionId() {
        return partitionId;
    }

    String kind() {
        return kind;
    }

    List<Conjunction> conjunctions() {
        return conjunctions;
    }

    List<Order> orders() {
        return orders;
    }

    /** Whether the results come in the order of their keys. */
    boolean isByKey() {
        return orders.size() == 1;
    }

    List<String> projection() {
        return projection;
    }

    boolean isKeysOnly() {
        return keysOnly;
    }

    /** Whether a result is a key that has no other condition than those of its conjunction. */
    boolean isKeyEnough() {
        return keysOnly && required.isEmpty();
    }

    /** Where an entity is in the order; null if it is not in the result. */
    byte @Nullable [] position(Conjunction conjunction, IndexedValues values, byte[] path) {
        for (String property : required) {
            if (values.of(property).isEmpty()) {
                return null;
            }
        }
        for (String property : projection) {
            if (values.of(property).isEmpty()) {
                return null;
            }
        }
        ByteArrayOutputStream position = new ByteArrayOutputStream();
        for (Order order : orders) {
            byte[] part = order.property.equals(Conjunction.KEY)
                    ? path
                    : order.property.equals(Scatter.PROPERTY)
                            ? Scatter.of(path)
                            : extreme(
                                    values.of(order.property),
                                    conjunction.bounds().get(order.property),
                                    order.descending);
            if (part == null) {
                return null;
            }
            position.writeBytes(order.descending ? inverted(part) : part);
        }
        return position.toByteArray();
    }

    /** An entity with several values is where the first of them in the order is that the filters let through. */
    private static byte @Nullable [] extreme(
            NavigableMap<byte[], Value> values, @Nullable Bounds bounds, boolean descending) {
        for (byte[] value : (descending ? values.descendingMap() : values).keySet()) {
            if (bounds == null || bounds.admits(value)) {
                return value;
            }
        }
        return null;
    }

    static byte[] inverted(byte[] bytes) {
        byte[] inverted = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            inverted[i] = (byte) ~bytes[i];
        }
        return inverted;
    }

    /** A cursor is of this query alone. */
    byte[] cursor(byte[] position) {
        return Bytes.join(identity, position);
    }

    /** The position that a cursor stands for; empty for none. */
    byte[] position(byte[] cursor) {
        if (cursor.length == 0) {
            return cursor;
        }
        if (!Bytes.startsWith(cursor, identity)) {
            throw RefusedException.invalid("the cursor is not one of this query");
        }
        return Arrays.copyOfRange(cursor, identity.length, cursor.length);
    }
}
