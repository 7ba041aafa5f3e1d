package com.espra.protoplex.datastore.server;

import static com.google.cloud.datastore.aggregation.Aggregation.avg;
import static com.google.cloud.datastore.aggregation.Aggregation.count;
import static com.google.cloud.datastore.aggregation.Aggregation.sum;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.google.cloud.Timestamp;
import com.google.cloud.datastore.AggregationQuery;
import com.google.cloud.datastore.AggregationResult;
import com.google.cloud.datastore.Cursor;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.DoubleValue;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.EntityQuery;
import com.google.cloud.datastore.FullEntity;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.KeyFactory;
import com.google.cloud.datastore.ListValue;
import com.google.cloud.datastore.LongValue;
import com.google.cloud.datastore.NullValue;
import com.google.cloud.datastore.PathElement;
import com.google.cloud.datastore.ProjectionEntity;
import com.google.cloud.datastore.Query;
import com.google.cloud.datastore.QueryResults;
import com.google.cloud.datastore.StringValue;
import com.google.cloud.datastore.StructuredQuery.CompositeFilter;
import com.google.cloud.datastore.StructuredQuery.Filter;
import com.google.cloud.datastore.StructuredQuery.OrderBy;
import com.google.cloud.datastore.StructuredQuery.PropertyFilter;
import com.google.cloud.datastore.Transaction;
import com.google.cloud.datastore.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Queries, as Google's own client asks them. */
public class QueriesTest {

    @Rule
    public final TestDatastore server = new TestDatastore();

    private Datastore datastore;
    private KeyFactory things;

    @Before
    public void connect() {
        datastore = server.client();
        things = datastore.newKeyFactory().setKind("Thing");
    }

    private Entity.Builder thing(String name) {
        return Entity.newBuilder(things.newKey(name));
    }

    private static EntityQuery.Builder query() {
        return Query.newEntityQueryBuilder().setKind("Thing");
    }

    private List<String> names(Query<Entity> query) {
        List<String> names = new ArrayList<>();
        datastore
                .run(query)
                .forEachRemaining(entity -> names.add(entity.getKey().getName()));
        return names;
    }

    private List<String> names(Filter filter) {
        return names(query().setFilter(filter).build());
    }

    private void numbers() {
        for (int i = 0; i < 10; i++) {
            datastore.put(thing("t" + i)
                    .set("n", i)
                    .set("even", i % 2 == 0)
                    .set("third", i % 3)
                    .build());
        }
    }

    @Test
    public void kindsAncestorsAndKeys() {
        numbers();
        Key parent = things.newKey("t3");
        Key child = datastore
                .newKeyFactory()
                .addAncestor(PathElement.of("Thing", "t3"))
                .setKind("Part")
                .newKey("p");
        datastore.put(Entity.newBuilder(child).set("n", 1).build());
        assertEquals(10, names(query().build()).size());
        assertEquals(
                List.of("t3", "p"),
                names(Query.newEntityQueryBuilder()
                        .setFilter(PropertyFilter.hasAncestor(parent))
                        .build()));
        assertEquals(
                List.of("p"),
                names(Query.newEntityQueryBuilder()
                        .setKind("Part")
                        .setFilter(CompositeFilter.and(PropertyFilter.hasAncestor(parent), PropertyFilter.eq("n", 1)))
                        .build()));
        assertEquals(List.of("t8", "t9"), names(PropertyFilter.gt("__key__", things.newKey("t7"))));
        assertEquals(11, names(Query.newEntityQueryBuilder().build()).size());
    }

    @Test
    public void filtersAndOrders() {
        numbers();
        assertEquals(List.of("t7", "t8", "t9"), names(PropertyFilter.gt("n", 6)));
        assertEquals(List.of("t0", "t1"), names(PropertyFilter.le("n", 1)));
        assertEquals(
                List.of("t0", "t6"),
                names(CompositeFilter.and(PropertyFilter.eq("even", true), PropertyFilter.eq("third", 0))));
        assertEquals(
                List.of("t9", "t8", "t7"),
                names(query().setOrderBy(OrderBy.desc("n")).setLimit(3).build()));
        assertEquals(
                List.of("t6", "t4", "t2", "t0"),
                names(query().setFilter(CompositeFilter.and(PropertyFilter.eq("even", true), PropertyFilter.lt("n", 7)))
                        .setOrderBy(OrderBy.desc("n"))
                        .build()));
        assertEquals(List.of("t1", "t5"), names(PropertyFilter.in("n", ListValue.of(5, 1, 77))));
        assertEquals(8, names(PropertyFilter.neq("n", 4)).size() - 1);
        assertEquals(List.of("t0", "t9"), names(PropertyFilter.not_in("n", ListValue.of(1, 2, 3, 4, 5, 6, 7, 8))));
        assertEquals(
                List.of("t0", "t7", "t8", "t9"),
                names(CompositeFilter.or(PropertyFilter.gt("n", 6), PropertyFilter.eq("n", 0))));
        assertEquals(
                List.of("t3", "t4"),
                names(query().setOrderBy(OrderBy.asc("n"))
                        .setOffset(3)
                        .setLimit(2)
                        .build()));
        assertEquals(
                List.of("t2", "t5", "t8", "t1"),
                names(query().setOrderBy(OrderBy.desc("third"), OrderBy.asc("n"))
                        .setLimit(4)
                        .build()));
    }

    @Test
    public void valuesAreOrderedAcrossTypes() {
        List<Value<?>> inOrder = List.of(
                NullValue.of(),
                LongValue.of(-5),
                LongValue.of(9_007_199_254_740_992L),
                LongValue.of(9_007_199_254_740_993L),
                com.google.cloud.datastore.TimestampValue.of(Timestamp.ofTimeSecondsAndNanos(60_000_000_000L, 0)),
                com.google.cloud.datastore.BooleanValue.of(false),
                com.google.cloud.datastore.BooleanValue.of(true),
                StringValue.of(""),
                StringValue.of("a"),
                StringValue.of("a\0"),
                StringValue.of("a\0b"),
                StringValue.of("ab"),
                DoubleValue.of(Double.NaN),
                DoubleValue.of(Double.NEGATIVE_INFINITY),
                DoubleValue.of(-1.5),
                DoubleValue.of(0.0),
                DoubleValue.of(37.5),
                com.google.cloud.datastore.LatLngValue.of(com.google.cloud.datastore.LatLng.of(-1, 5)),
                com.google.cloud.datastore.LatLngValue.of(com.google.cloud.datastore.LatLng.of(1, -5)),
                com.google.cloud.datastore.KeyValue.of(things.newKey(5)),
                com.google.cloud.datastore.KeyValue.of(things.newKey("a")));
        List<String> expected = new ArrayList<>();
        for (int i = inOrder.size() - 1; i >= 0; i--) {
            datastore.put(thing("v" + (char) ('A' + i)).set("v", inOrder.get(i)).build());
            expected.addFirst("v" + (char) ('A' + i));
        }
        assertEquals(expected, names(query().setOrderBy(OrderBy.asc("v")).build()));
        assertEquals(
                expected.reversed(), names(query().setOrderBy(OrderBy.desc("v")).build()));
        assertEquals(List.of("vC"), names(PropertyFilter.eq("v", 9_007_199_254_740_992L)));
        assertEquals("both zeros are one", List.of("vP"), names(PropertyFilter.eq("v", -0.0)));
        assertEquals(List.of("vM"), names(PropertyFilter.eq("v", Double.NaN)));
        assertEquals(List.of("vA"), names(PropertyFilter.isNull("v")));
    }

    @Test
    public void arraysEmbeddedEntitiesAndWhatIsNotIndexed() {
        datastore.put(
                thing("a").set("tags", 1, 10).build(),
                thing("b").set("tags", 4, 5).build(),
                thing("c").set("tags", ListValue.newBuilder().build()).build(),
                thing("d")
                        .set(
                                "tags",
                                LongValue.newBuilder(5)
                                        .setExcludeFromIndexes(true)
                                        .build())
                        .set("inner", FullEntity.newBuilder().set("x", 7).build())
                        .build());
        assertEquals(List.of("a"), names(PropertyFilter.eq("tags", 10)));
        assertEquals(
                "one value must be in the range",
                List.of("b"),
                names(CompositeFilter.and(PropertyFilter.gt("tags", 3), PropertyFilter.lt("tags", 6))));
        assertEquals(
                List.of("a"), names(CompositeFilter.and(PropertyFilter.eq("tags", 1), PropertyFilter.eq("tags", 10))));
        assertEquals(
                List.of("a", "b"), names(query().setOrderBy(OrderBy.asc("tags")).build()));
        assertEquals(
                List.of("a", "b"),
                names(query().setOrderBy(OrderBy.desc("tags")).build()));
        assertEquals(List.of("d"), names(PropertyFilter.eq("inner.x", 7)));
    }

    @Test
    public void projectionsAndKeys() {
        datastore.put(
                thing("a").set("p", 2, 1).set("q", "x").build(),
                thing("b").set("p", 3).build());
        List<String> rows = new ArrayList<>();
        QueryResults<ProjectionEntity> results = datastore.run(Query.newProjectionEntityQueryBuilder()
                .setKind("Thing")
                .setProjection("p", "q")
                .build());
        results.forEachRemaining(each -> rows.add(each.getLong("p") + each.getString("q")));
        assertEquals("each value, and only who has all", List.of("1x", "2x"), rows);
        List<String> keys = new ArrayList<>();
        datastore
                .run(Query.newKeyQueryBuilder().setKind("Thing").build())
                .forEachRemaining(key -> keys.add(key.getName()));
        assertEquals(List.of("a", "b"), keys);
        List<String> backward = new ArrayList<>();
        QueryResults<Key> first = datastore.run(Query.newKeyQueryBuilder()
                .setKind("Thing")
                .setOrderBy(OrderBy.desc("__key__"))
                .setLimit(1)
                .build());
        first.forEachRemaining(key -> backward.add(key.getName()));
        datastore
                .run(Query.newKeyQueryBuilder()
                        .setKind("Thing")
                        .setOrderBy(OrderBy.desc("__key__"))
                        .setStartCursor(first.getCursorAfter())
                        .build())
                .forEachRemaining(key -> backward.add(key.getName()));
        assertEquals(List.of("b", "a"), backward);
    }

    @Test
    public void cursorsGoOnWhereTheyWereAndAreOfTheirQueryAlone() {
        numbers();
        for (OrderBy order : List.of(OrderBy.asc("n"), OrderBy.desc("n"), OrderBy.desc("__key__"))) {
            List<String> all = names(query().setOrderBy(order).build());
            List<String> paged = new ArrayList<>();
            Cursor cursor = null;
            for (int page = 0; page < 5; page++) {
                EntityQuery.Builder next = query().setOrderBy(order).setLimit(3);
                QueryResults<Entity> results =
                        datastore.run((cursor == null ? next : next.setStartCursor(cursor)).build());
                results.forEachRemaining(entity -> paged.add(entity.getKey().getName()));
                cursor = results.getCursorAfter();
            }
            assertEquals(all, paged);
        }
        QueryResults<Entity> results = datastore.run(query().setLimit(1).build());
        results.next();
        Cursor other = results.getCursorAfter();
        DatastoreException refused = assertThrows(
                DatastoreException.class,
                () -> names(query().setOrderBy(OrderBy.asc("n"))
                        .setStartCursor(other)
                        .build()));
        assertEquals("INVALID_ARGUMENT", refused.getReason());
    }

    @Test
    public void manyResultsComeInBatches() {
        List<Entity> many = IntStream.range(0, 1_000)
                .mapToObj(i -> thing("m%04d".formatted(i))
                        .set("n", 1_000 - i)
                        .set("k", "x")
                        .build())
                .toList();
        datastore.put(many.subList(0, 500).toArray(Entity[]::new));
        datastore.put(many.subList(500, 1_000).toArray(Entity[]::new));
        List<String> expected =
                many.stream().map(each -> each.getKey().getName()).toList();
        assertEquals(expected, names(query().build()));
        assertEquals(
                expected.reversed(), names(query().setOrderBy(OrderBy.asc("n")).build()));
        assertEquals(
                "sorted in batches",
                expected.reversed(),
                names(query().setFilter(PropertyFilter.eq("k", "x"))
                        .setOrderBy(OrderBy.asc("n"))
                        .build()));
        assertEquals(expected.subList(700, 1_000), names(query().setOffset(700).build()));
    }

    @Test
    public void countsAndSums() {
        numbers();
        AggregationQuery aggregation = Query.newAggregationQueryBuilder()
                .over(query().setFilter(PropertyFilter.gt("n", 3)).build())
                .addAggregation(count().as("count"))
                .addAggregation(sum("n").as("sum"))
                .addAggregation(avg("n").as("avg"))
                .build();
        AggregationResult result =
                datastore.runAggregation(aggregation).iterator().next();
        assertEquals(6L, (long) result.getLong("count"));
        assertEquals(39L, (long) result.getLong("sum"));
        assertEquals(6.5, result.getDouble("avg"), 0);
        AggregationResult all = datastore
                .runAggregation(Query.newAggregationQueryBuilder()
                        .over(query().build())
                        .addAggregation(count().as("count"))
                        .build())
                .iterator()
                .next();
        assertEquals(10L, (long) all.getLong("count"));
    }

    @Test
    public void aPhantomAborts() {
        numbers();
        Transaction transaction = datastore.newTransaction();
        QueryResults<Entity> found =
                transaction.run(query().setFilter(PropertyFilter.gt("n", 7)).build());
        int count = 0;
        while (found.hasNext()) {
            found.next();
            count++;
        }
        assertEquals(2, count);
        transaction.put(thing("count").set("of", count).build());
        datastore.put(thing("t10").set("n", 10).build());
        DatastoreException aborted = assertThrows(DatastoreException.class, transaction::commit);
        assertEquals("ABORTED", aborted.getReason());
    }

    @Test
    public void whatIsElsewhereIsNoConflict() {
        numbers();
        Transaction transaction = datastore.newTransaction();
        transaction.run(query().setFilter(PropertyFilter.gt("n", 7)).build()).forEachRemaining(each -> {});
        transaction.put(thing("count").set("of", 2).build());
        datastore.put(thing("t1").set("n", 0).build());
        transaction.commit();
        assertEquals(2, datastore.get(things.newKey("count")).getLong("of"));
    }

    @Test
    public void aFilterOfAPropertyNeedsAKind() {
        DatastoreException kindless = assertThrows(
                DatastoreException.class,
                () -> names(Query.newEntityQueryBuilder()
                        .setFilter(PropertyFilter.eq("n", 1))
                        .build()));
        assertTrue(kindless.getMessage(), kindless.getMessage().contains("kind is required"));
    }

    @Test
    public void aKeyIsFoundByItsKey() {
        numbers();
        assertEquals(
                List.of("t3"),
                names(query().setFilter(PropertyFilter.eq("__key__", things.newKey("t3")))
                        .build()));
        assertEquals(
                List.of("t3"),
                names(Query.newEntityQueryBuilder()
                        .setFilter(PropertyFilter.eq("__key__", things.newKey("t3")))
                        .build()));
    }
}
