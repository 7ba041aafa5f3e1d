package com.espra.protoplex.datastore.model;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.datastore.engine.Store;
import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CompositeFilter;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Filter;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.KindExpression;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.PropertyFilter.Operator;
import com.google.datastore.v1.PropertyOrder;
import com.google.datastore.v1.PropertyReference;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.QueryResultBatch.MoreResultsType;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.Value;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Random commits, lookups and queries against a map that is searched and sorted; now and then all is closed and opened again. */
public class RandomOperationsTest {

    private static final String PROJECT = "p";
    private static final int NAMES = 25;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicLong clock = new AtomicLong(1_700_000_000_000_000L);
    private final Map<String, Entity> expected = new TreeMap<>();
    private Random random;
    private Store store;
    private DatastoreService service;
    private IndexBuilder builder;

    @Before
    public void open() throws Exception {
        store = new Store(folder.getRoot().toPath(), 0, clock::get);
        service = new DatastoreService(store, clock::get, System::nanoTime);
        builder = new IndexBuilder(store, service.indexes());
    }

    @After
    public void close() {
        builder.close();
        store.close();
    }

    @Test
    public void aSmallWorldIsAsItShouldBe() throws Exception {
        for (long seed : new long[] {17, 18, 19}) {
            random = new Random(seed);
            run("seed " + seed);
        }
    }

    /** They are built while it goes on, and begun anew when all is opened again. */
    @Test
    public void soItIsWithCompositeIndexes() throws Exception {
        service.indexes().create(PROJECT, "", IndexYaml.read("""
                indexes:
                - kind: T
                  properties:
                  - name: a
                  - name: b
                - kind: T
                  properties:
                  - name: b
                  - name: a
                    direction: desc
                """));
        random = new Random(20);
        run("seed 20, a few");
        service.indexes().create(PROJECT, "", all());
        for (long seed : new long[] {21, 22, 23}) {
            random = new Random(seed);
            run("seed " + seed + ", all");
        }
        Inspection.Findings findings = new Inspection(store, service.indexes()).check();
        assertEquals(List.of(), findings.faults());
        assertEquals(
                List.of(),
                service.indexes().list(PROJECT, "").stream()
                        .filter(each -> each.state() != CompositeIndex.State.READY)
                        .toList());
    }

    private static List<CompositeIndex> all() {
        List<CompositeIndex> all = new ArrayList<>();
        for (List<String> names : List.of(
                List.of("a", "b"),
                List.of("b", "a"),
                List.of("c", "a"),
                List.of("c", "b"),
                List.of("c", "a", "b"),
                List.of("c", "b", "a"))) {
            for (int directions = 0; directions < 4; directions++) {
                int down = directions;
                List<CompositeIndex.Part> parts = new ArrayList<>();
                for (int i = 0; i < names.size(); i++) {
                    parts.add(new CompositeIndex.Part(names.get(i), (down >> (names.size() - 1 - i) & 1) == 1));
                }
                all.add(CompositeIndex.wanted("T", false, parts));
            }
        }
        return all;
    }

    private void run(String seed) throws Exception {
        Map<String, Entity> before = Map.of();
        Timestamp then = null;
        for (int i = 0; i < 250; i++) {
            String where = seed + ", step " + i;
            clock.addAndGet(1_000);
            commit();
            clock.addAndGet(1_000);
            lookup(where, expected, ReadOptions.getDefaultInstance());
            query(where);
            if (then != null) {
                lookup(
                        where + ", as it was",
                        before,
                        ReadOptions.newBuilder().setReadTime(then).build());
            }
            if (i % 40 == 20) {
                before = new TreeMap<>(expected);
                then = Values.timestamp(clock.get());
            }
            if (i % 60 == 59) {
                close();
                open();
            }
        }
    }

    private static Key key(String name) {
        return Key.newBuilder()
                .addPath(Key.PathElement.newBuilder().setKind("T").setName(name))
                .build();
    }

    private Value value() {
        Value.Builder value = Value.newBuilder();
        return switch (random.nextInt(6)) {
            case 0 -> value.setNullValueValue(0).build();
            case 1 -> value.setDoubleValue(random.nextInt(3) - 1.5).build();
            case 2 -> value.setStringValue("s" + random.nextInt(3)).build();
            default -> value.setIntegerValue(random.nextInt(5) - 2).build();
        };
    }

    private void commit() {
        CommitRequest.Builder request =
                CommitRequest.newBuilder().setProjectId(PROJECT).setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
        Map<String, Mutation> mutations = new TreeMap<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            String name = "n" + (char) ('a' + random.nextInt(NAMES));
            if (random.nextInt(3) == 0) {
                mutations.put(name, Mutation.newBuilder().setDelete(key(name)).build());
                continue;
            }
            Entity.Builder entity = Entity.newBuilder().setKey(key(name));
            for (String property : List.of("a", "b")) {
                if (random.nextInt(5) > 0) {
                    entity.putProperties(property, value());
                }
            }
            entity.putProperties(
                    "c",
                    Value.newBuilder()
                            .setArrayValue(
                                    ArrayValue.newBuilder().addValues(value()).addValues(value()))
                            .build());
            mutations.put(name, Mutation.newBuilder().setUpsert(entity).build());
        }
        mutations.forEach((name, mutation) -> {
            request.addMutations(mutation);
            if (mutation.hasDelete()) {
                expected.remove(name);
            } else {
                expected.put(name, mutation.getUpsert());
            }
        });
        service.commit(request.build());
    }

    private void lookup(String where, Map<String, Entity> world, ReadOptions options) {
        LookupRequest.Builder request =
                LookupRequest.newBuilder().setProjectId(PROJECT).setReadOptions(options);
        for (int i = 0; i < NAMES; i++) {
            request.addKeys(key("n" + (char) ('a' + i)));
        }
        LookupResponse response = service.lookup(request.build());
        Map<String, Map<String, Value>> found = new TreeMap<>();
        response.getFoundList()
                .forEach(result ->
                        found.put(name(result.getEntity()), result.getEntity().getPropertiesMap()));
        Map<String, Map<String, Value>> wanted = new TreeMap<>();
        world.forEach((name, entity) -> wanted.put(name, entity.getPropertiesMap()));
        assertEquals(where, wanted, found);
        assertEquals(where, NAMES - wanted.size(), response.getMissingCount());
    }

    private static String name(Entity entity) {
        return entity.getKey().getPath(0).getName();
    }

    private static Filter filter(String property, Operator operator, Value value) {
        return Filter.newBuilder()
                .setPropertyFilter(PropertyFilter.newBuilder()
                        .setProperty(PropertyReference.newBuilder().setName(property))
                        .setOp(operator)
                        .setValue(value))
                .build();
    }

    private PropertyFilter condition() {
        Operator[] operators = {
            Operator.EQUAL,
            Operator.LESS_THAN,
            Operator.LESS_THAN_OR_EQUAL,
            Operator.GREATER_THAN,
            Operator.GREATER_THAN_OR_EQUAL,
            Operator.NOT_EQUAL,
            Operator.IN
        };
        Operator operator = operators[random.nextInt(operators.length)];
        if (operator == Operator.EQUAL && random.nextBoolean()) {
            return filter("c", Operator.EQUAL, value()).getPropertyFilter();
        }
        Value value = operator == Operator.IN
                ? Value.newBuilder()
                        .setArrayValue(
                                ArrayValue.newBuilder().addValues(value()).addValues(value()))
                        .build()
                : value();
        return filter(random.nextBoolean() ? "a" : "b", operator, value).getPropertyFilter();
    }

    private void query(String where) {
        List<PropertyFilter> conditions = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            conditions.add(condition());
        }
        List<PropertyOrder> orders = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            orders.add(PropertyOrder.newBuilder()
                    .setProperty(PropertyReference.newBuilder().setName(random.nextBoolean() ? "a" : "b"))
                    .setDirection(
                            random.nextBoolean()
                                    ? PropertyOrder.Direction.ASCENDING
                                    : PropertyOrder.Direction.DESCENDING)
                    .build());
        }
        boolean or = random.nextInt(4) == 0;
        Query.Builder query = Query.newBuilder()
                .addKind(KindExpression.newBuilder().setName("T"))
                .addAllOrder(orders);
        if (!conditions.isEmpty()) {
            CompositeFilter.Builder all =
                    CompositeFilter.newBuilder().setOp(or ? CompositeFilter.Operator.OR : CompositeFilter.Operator.AND);
            conditions.forEach(each -> all.addFilters(Filter.newBuilder().setPropertyFilter(each)));
            query.setFilter(Filter.newBuilder().setCompositeFilter(all));
        }
        assertEquals(
                where + ": " + query,
                search(conditions, or && !conditions.isEmpty(), orders),
                pages(query.build(), 1 + random.nextInt(10)));
    }

    /** By cursors, page by page. */
    private List<String> pages(Query query, int size) {
        List<String> names = new ArrayList<>();
        Query next = query;
        while (true) {
            QueryResultBatch batch = service.runQuery(RunQueryRequest.newBuilder()
                            .setProjectId(PROJECT)
                            .setQuery(next.toBuilder().setLimit(Int32Value.of(size)))
                            .build())
                    .getBatch();
            batch.getEntityResultsList().forEach(result -> names.add(name(result.getEntity())));
            if (batch.getMoreResults() == MoreResultsType.NO_MORE_RESULTS) {
                return names;
            }
            next = query.toBuilder().setStartCursor(batch.getEndCursor()).build();
        }
    }

    private List<String> search(List<PropertyFilter> conditions, boolean or, List<PropertyOrder> orders) {
        List<PropertyOrder> whole = new ArrayList<>();
        boolean single = !or
                && conditions.stream()
                        .noneMatch(each -> each.getOp() == Operator.IN
                                && each.getValue().getArrayValue().getValuesCount() > 1)
                && conditions.stream().noneMatch(each -> each.getOp() == Operator.NOT_EQUAL);
        if (or && conditions.size() == 1) {
            single = conditions.getFirst().getOp() != Operator.IN
                    && conditions.getFirst().getOp() != Operator.NOT_EQUAL;
        }
        for (PropertyOrder order : orders) {
            String name = order.getProperty().getName();
            boolean known =
                    whole.stream().anyMatch(each -> each.getProperty().getName().equals(name));
            boolean constant = single
                    && conditions.stream()
                            .anyMatch(each -> each.getOp() == Operator.EQUAL
                                    && each.getProperty().getName().equals(name));
            if (!known && !constant) {
                whole.add(order);
            }
        }
        boolean everyOne = !or || conditions.size() == 1;
        if (whole.isEmpty() && everyOne) {
            conditions.stream()
                    .filter(each -> each.getOp() != Operator.EQUAL && each.getOp() != Operator.IN)
                    .findFirst()
                    .ifPresent(each -> whole.add(PropertyOrder.newBuilder()
                            .setProperty(each.getProperty())
                            .build()));
        } else if (whole.isEmpty()) {
            List<String> ranged = conditions.stream()
                    .filter(each -> each.getOp() != Operator.EQUAL && each.getOp() != Operator.IN)
                    .map(each -> each.getProperty().getName())
                    .toList();
            if (!ranged.isEmpty()
                    && conditions.stream()
                            .allMatch(each -> each.getProperty().getName().equals(ranged.getFirst()))) {
                whole.add(PropertyOrder.newBuilder()
                        .setProperty(PropertyReference.newBuilder().setName(ranged.getFirst()))
                        .build());
            }
        }
        Comparator<Entity> comparator = (one, other) -> 0;
        for (PropertyOrder order : whole) {
            Comparator<Entity> next = (one, other) -> compare(value(one, order), value(other, order));
            comparator = comparator.thenComparing(
                    order.getDirection() == PropertyOrder.Direction.DESCENDING ? next.reversed() : next);
        }
        Comparator<Entity> byName = Comparator.comparing(RandomOperationsTest::name);
        boolean descending = !whole.isEmpty() && whole.getLast().getDirection() == PropertyOrder.Direction.DESCENDING;
        return expected.values().stream()
                .filter(entity -> whole.stream()
                        .allMatch(order ->
                                entity.containsProperties(order.getProperty().getName())))
                .filter(entity -> or
                        ? conditions.stream().anyMatch(each -> holds(each, entity))
                        : conditions.stream().allMatch(each -> holds(each, entity)))
                .sorted(comparator.thenComparing(descending ? byName.reversed() : byName))
                .map(RandomOperationsTest::name)
                .toList();
    }

    private static Value value(Entity entity, PropertyOrder order) {
        return entity.getPropertiesOrThrow(order.getProperty().getName());
    }

    private static boolean holds(PropertyFilter condition, Entity entity) {
        Value value = entity.getPropertiesMap().get(condition.getProperty().getName());
        if (value == null) {
            return false;
        }
        if (value.hasArrayValue()) {
            return value.getArrayValue().getValuesList().contains(condition.getValue());
        }
        if (condition.getOp() == Operator.IN) {
            return condition.getValue().getArrayValue().getValuesList().contains(value);
        }
        int compared = compare(value, condition.getValue());
        return switch (condition.getOp()) {
            case EQUAL -> compared == 0;
            case NOT_EQUAL -> compared != 0;
            case LESS_THAN -> compared < 0;
            case LESS_THAN_OR_EQUAL -> compared <= 0;
            case GREATER_THAN -> compared > 0;
            default -> compared >= 0;
        };
    }

    private static int compare(Value one, Value other) {
        int types = Integer.compare(type(one), type(other));
        if (types != 0) {
            return types;
        }
        return switch (one.getValueTypeCase()) {
            case INTEGER_VALUE -> Long.compare(one.getIntegerValue(), other.getIntegerValue());
            case STRING_VALUE -> one.getStringValue().compareTo(other.getStringValue());
            case DOUBLE_VALUE -> Double.compare(one.getDoubleValue(), other.getDoubleValue());
            default -> 0;
        };
    }

    private static int type(Value value) {
        return switch (value.getValueTypeCase()) {
            case NULL_VALUE -> 0;
            case INTEGER_VALUE -> 1;
            case STRING_VALUE -> 2;
            default -> 3;
        };
    }
}
