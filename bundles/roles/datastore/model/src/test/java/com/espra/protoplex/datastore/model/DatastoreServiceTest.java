package com.espra.protoplex.datastore.model;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.engine.ReadSet;
import com.espra.protoplex.datastore.engine.Store;
import com.espra.protoplex.datastore.engine.StoreException;
import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.AggregationQuery.Aggregation;
import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CompositeFilter;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Filter;
import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.KindExpression;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.Projection;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.PropertyFilter.Operator;
import com.google.datastore.v1.PropertyMask;
import com.google.datastore.v1.PropertyReference;
import com.google.datastore.v1.PropertyTransform;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.TransactionOptions;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;

/** What the service does with requests that a client of Google's seldom makes. */
public class DatastoreServiceTest {

    private static final String PROJECT = "p";
    private static final int SECOND_MICROS = 1_000_000;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicLong clock = new AtomicLong(1_700_000_000_000_000L);
    private Store store;
    private DatastoreService service;

    @Before
    public void open() throws Exception {
        store = new Store(folder.getRoot().toPath(), 0, clock::get);
        service = new DatastoreService(store, clock::get, System::nanoTime);
    }

    /** Does not end well while a scan is open. */
    @After
    public void close() {
        store.close();
    }

    private static Key key(String name) {
        return Key.newBuilder()
                .addPath(Key.PathElement.newBuilder().setKind("T").setName(name))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static Value whole(long number) {
        return Value.newBuilder().setIntegerValue(number).build();
    }

    private static Value real(double number) {
        return Value.newBuilder().setDoubleValue(number).build();
    }

    private static Value blob(int length) {
        return Value.newBuilder()
                .setBlobValue(ByteString.copyFrom(new byte[length]))
                .setExcludeFromIndexes(true)
                .build();
    }

    private static ArrayValue elements(Value... values) {
        return ArrayValue.newBuilder().addAllValues(List.of(values)).build();
    }

    private static Value array(Value... values) {
        return Value.newBuilder().setArrayValue(elements(values)).build();
    }

    private static Value embedded(String property, Value value) {
        return Value.newBuilder()
                .setEntityValue(Entity.newBuilder().putProperties(property, value))
                .build();
    }

    private static Entity entity(String name, String property, Value value) {
        return Entity.newBuilder()
                .setKey(key(name))
                .putProperties(property, value)
                .build();
    }

    private static Mutation.Builder upsert(Entity entity) {
        return Mutation.newBuilder().setUpsert(entity);
    }

    private void commit(Mutation.Builder... mutations) {
        CommitRequest.Builder request =
                CommitRequest.newBuilder().setProjectId(PROJECT).setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
        Stream.of(mutations).forEach(request::addMutations);
        service.commit(request.build());
    }

    private Entity found(String name) {
        return service.lookup(LookupRequest.newBuilder()
                        .setProjectId(PROJECT)
                        .addKeys(key(name))
                        .build())
                .getFound(0)
                .getEntity();
    }

    private static void assertRefused(Code code, ThrowingRunnable call) {
        assertEquals(code, assertThrows(RefusedException.class, call).code());
    }

    private static Filter tags(Operator operator, Value value) {
        return Filter.newBuilder()
                .setPropertyFilter(PropertyFilter.newBuilder()
                        .setProperty(PropertyReference.newBuilder().setName("tags"))
                        .setOp(operator)
                        .setValue(value))
                .build();
    }

    private static Query query(Filter filter) {
        return Query.newBuilder()
                .addKind(KindExpression.newBuilder().setName("T"))
                .setFilter(filter)
                .build();
    }

    private QueryResultBatch first(Query query, int limit) {
        return service.runQuery(RunQueryRequest.newBuilder()
                        .setProjectId(PROJECT)
                        .setQuery(query.toBuilder().setLimit(Int32Value.of(limit)))
                        .build())
                .getBatch();
    }

    private List<Entity> pages(Query query) {
        List<Entity> all = new ArrayList<>();
        Query next = query;
        for (QueryResultBatch batch = first(next, 1); ; batch = first(next, 1)) {
            if (batch.getEntityResultsCount() == 0) {
                return all;
            }
            batch.getEntityResultsList().stream().map(EntityResult::getEntity).forEach(all::add);
            assertTrue("it goes on for ever", all.size() < 50);
            next = query.toBuilder().setStartCursor(batch.getEndCursor()).build();
        }
    }

    private List<String> names(Query query) {
        return pages(query).stream()
                .map(entity -> entity.getKey().getPath(0).getName())
                .toList();
    }

    private long count(Query query) {
        return service.runAggregationQuery(RunAggregationQueryRequest.newBuilder()
                        .setProjectId(PROJECT)
                        .setAggregationQuery(AggregationQuery.newBuilder()
                                .setNestedQuery(query)
                                .addAggregations(Aggregation.newBuilder()
                                        .setAlias("n")
                                        .setCount(Aggregation.Count.getDefaultInstance())))
                        .build())
                .getBatch()
                .getAggregationResults(0)
                .getAggregatePropertiesOrThrow("n")
                .getIntegerValue();
    }

    private void tagged() {
        commit(
                upsert(entity("both", "tags", array(text("a"), text("z")))),
                upsert(entity("low", "tags", array(text("b")))),
                upsert(entity("mid", "tags", array(text("m")))),
                upsert(entity("high", "tags", array(text("y")))));
    }

    private static List<Query> withoutTheMiddle() {
        return List.of(
                query(tags(Operator.NOT_EQUAL, text("m"))),
                query(tags(Operator.NOT_IN, array(text("m"), text("n")))),
                query(Filter.newBuilder()
                        .setCompositeFilter(CompositeFilter.newBuilder()
                                .setOp(CompositeFilter.Operator.OR)
                                .addFilters(tags(Operator.GREATER_THAN, text("m")))
                                .addFilters(tags(Operator.LESS_THAN, text("m"))))
                        .build()));
    }

    @Test
    public void anEntityIsOnOnePageThoughSeveralOfItsValuesMatch() {
        tagged();
        for (Query query : withoutTheMiddle()) {
            assertEquals(query.toString(), List.of("both", "low", "high"), names(query));
        }
    }

    @Test
    public void aProjectionHasEachValueThatAnyAlternativeLetsThrough() {
        tagged();
        for (Query query : withoutTheMiddle()) {
            Query tags = query.toBuilder()
                    .addProjection(Projection.newBuilder()
                            .setProperty(PropertyReference.newBuilder().setName("tags")))
                    .build();
            assertEquals(
                    query.toString(),
                    List.of("a", "b", "y", "z"),
                    pages(tags).stream()
                            .map(entity -> entity.getPropertiesOrThrow("tags").getStringValue())
                            .sorted()
                            .toList());
        }
    }

    @Test
    public void aCountGoesOnAtACursorOfTheQueryAndCountsAnEntityOnce() {
        tagged();
        for (Query query : withoutTheMiddle()) {
            Query rest = query.toBuilder()
                    .setStartCursor(first(query, 1).getEndCursor())
                    .build();
            assertEquals(query.toString(), 2, count(rest));
        }
    }

    @Test
    public void whatAMaskLeavesTogetherIsNotTooBig() {
        commit(upsert(entity("a", "one", blob(600_000))));
        assertRefused(
                Code.INVALID_ARGUMENT,
                () -> commit(upsert(entity("a", "two", blob(600_000)))
                        .setPropertyMask(PropertyMask.newBuilder().addPaths("two"))));
        assertFalse(found("a").containsProperties("two"));
    }

    @Test
    public void whatATransformAddsIsNotNestedTooDeep() {
        Value deep = whole(1);
        for (int i = 0; i < 15; i++) {
            deep = embedded("e", deep);
        }
        Mutation.Builder mutation = upsert(entity("a", "n", whole(1)))
                .addPropertyTransforms(PropertyTransform.newBuilder()
                        .setProperty("a.b.c.d.e.f.g.h.i.j")
                        .setAppendMissingElements(elements(deep)));
        assertRefused(Code.INVALID_ARGUMENT, () -> commit(mutation));
    }

    @Test
    public void aCommitChangesABoundedNumberOfRows() {
        Value[] many =
                IntStream.range(0, 19_500).mapToObj(DatastoreServiceTest::whole).toArray(Value[]::new);
        Mutation.Builder[] mutations = IntStream.range(0, 11)
                .mapToObj(i -> upsert(entity("e" + i, "n", array(many))))
                .toArray(Mutation.Builder[]::new);
        assertRefused(Code.INVALID_ARGUMENT, () -> commit(mutations));
        commit(mutations[0]);
    }

    @Test
    public void anEmbeddedEntityThatAMaskMakesIsIndexedAsTheOneItComesFrom() {
        Value excluded =
                embedded("b", whole(1)).toBuilder().setExcludeFromIndexes(true).build();
        Entity given = entity("a", "e", excluded);
        PropertyMask mask = PropertyMask.newBuilder().addPaths("e.b").build();
        assertEquals(given, Masks.merged(null, given, mask));
        assertEquals(given, Masks.masked(given, mask));
    }

    @Test
    public void elementsAreStoredAsOtherValuesAre() {
        Value exact = Value.newBuilder()
                .setTimestampValue(Timestamp.newBuilder().setSeconds(1).setNanos(1_999))
                .build();
        Value kept = Value.newBuilder()
                .setTimestampValue(Timestamp.newBuilder().setSeconds(1).setNanos(1_000))
                .build();
        transform("a", PropertyTransform.newBuilder().setAppendMissingElements(elements(exact)));
        assertEquals(array(kept), found("a").getPropertiesOrThrow("n"));
        transform("a", PropertyTransform.newBuilder().setAppendMissingElements(elements(exact)));
        assertEquals(array(kept), found("a").getPropertiesOrThrow("n"));
        transform("a", PropertyTransform.newBuilder().setRemoveAllFromArray(elements(exact)));
        assertEquals(array(), found("a").getPropertiesOrThrow("n"));
    }

    private void transform(String name, PropertyTransform.Builder transform) {
        commit(upsert(Entity.newBuilder().setKey(key(name)).build())
                .setPropertyMask(PropertyMask.newBuilder().addPaths("none"))
                .addPropertyTransforms(transform.setProperty("n")));
    }

    @Test
    public void numbersAreTheSameElementIfTheyAreWorthTheSame() {
        Value large = real(0x1p63);
        Value half = real(0.5);
        Value unindexed = text("s").toBuilder().setExcludeFromIndexes(true).build();
        commit(upsert(entity("a", "n", array(whole(1), real(-0.0), real(Double.NaN), large, unindexed))));
        transform(
                "a",
                PropertyTransform.newBuilder()
                        .setAppendMissingElements(elements(
                                real(1),
                                whole(0),
                                real(Double.NaN),
                                whole(Long.MAX_VALUE),
                                half,
                                half,
                                text("s"),
                                text("1"))));
        assertEquals(
                array(whole(1), real(-0.0), real(Double.NaN), large, unindexed, whole(Long.MAX_VALUE), half, text("1")),
                found("a").getPropertiesOrThrow("n"));
        transform(
                "a",
                PropertyTransform.newBuilder()
                        .setRemoveAllFromArray(
                                elements(real(1), real(0), real(Double.NaN), large, text("s"), whole(7))));
        assertEquals(array(whole(Long.MAX_VALUE), half, text("1")), found("a").getPropertiesOrThrow("n"));
    }

    /** While it goes on, all other commits wait. If each were compared with each, it would take minutes. */
    @Test(timeout = 20_000)
    public void manyElementsAreQuicklyAddedAndTakenAway() {
        Value[] some = unindexed("a");
        Value[] others = unindexed("b");
        commit(upsert(entity("a", "n", array(some))));
        transform("a", PropertyTransform.newBuilder().setAppendMissingElements(elements(others)));
        transform("a", PropertyTransform.newBuilder().setRemoveAllFromArray(elements(some)));
        assertEquals(array(others), found("a").getPropertiesOrThrow("n"));
    }

    private static Value[] unindexed(String prefix) {
        return IntStream.range(0, 25_000)
                .mapToObj(i ->
                        text(prefix + i).toBuilder().setExcludeFromIndexes(true).build())
                .toArray(Value[]::new);
    }

    @Test
    public void whatIsRefusedLeavesNoTransactionOpen() {
        Query bad = Query.newBuilder()
                .addProjection(Projection.newBuilder()
                        .setProperty(PropertyReference.newBuilder().setName("n")))
                .build();
        RunQueryRequest read = RunQueryRequest.newBuilder()
                .setProjectId(PROJECT)
                .setQuery(bad)
                .setReadOptions(ReadOptions.newBuilder().setNewTransaction(TransactionOptions.getDefaultInstance()))
                .build();
        CommitRequest write = CommitRequest.newBuilder()
                .setProjectId(PROJECT)
                .setMode(CommitRequest.Mode.TRANSACTIONAL)
                .setSingleUseTransaction(TransactionOptions.getDefaultInstance())
                .addMutations(Mutation.getDefaultInstance())
                .build();
        for (int i = 0; i < 1_001; i++) {
            assertRefused(Code.INVALID_ARGUMENT, () -> service.runQuery(read));
            assertRefused(Code.INVALID_ARGUMENT, () -> service.commit(write));
        }
    }

    @Test
    public void aStoreThatIsClosedRefusesToBegin() {
        BeginTransactionRequest request = BeginTransactionRequest.newBuilder()
                .setProjectId(PROJECT)
                .setTransactionOptions(TransactionOptions.newBuilder()
                        .setReadOnly(TransactionOptions.ReadOnly.newBuilder()
                                .setReadTime(Values.timestamp(clock.addAndGet(SECOND_MICROS)))))
                .build();
        store.close();
        assertRefused(Code.UNAVAILABLE, () -> service.beginTransaction(request));
    }

    @Test
    public void noScanStaysOpenWhenWhatWasReadIsTooMuch() {
        ReadSet reads = new ReadSet(store.version());
        reads.key(new byte[ReadSet.MOST_BYTES - 32]);
        View view = new View(store, store.version(), reads, new Effort(() -> false), service.indexes());
        PathSource both = new PathSource.Merge(List.of(range(view, 1), range(view, 2)));
        both.next();
        assertThrows(StoreException.class, both::close);
        store.close();
    }

    private static PathSource.Range range(View view, int prefix) {
        return new PathSource.Range(view, new byte[] {(byte) prefix}, new byte[0], new byte[0], false);
    }

    @Test
    public void aQueryThatFindsNothingEndsWhenNobodyWaits() {
        for (int i = 0; i < 100; i++) {
            commit(upsert(entity("q" + 1_000 + i, "p" + i % 2, whole(i % 2))));
        }
        assertEndsWhenNobodyWaits("SELECT * FROM T WHERE p0 = 0 AND p1 = 1");
    }

    private void assertEndsWhenNobodyWaits(String gql) {
        RunQueryRequest query = RunQueryRequest.newBuilder()
                .setProjectId("p")
                .setGqlQuery(GqlQuery.newBuilder().setQueryString(gql).setAllowLiterals(true))
                .build();
        assertEquals(
                0, service.as("a", null, () -> false).runQuery(query).getBatch().getEntityResultsCount());
        assertEquals(
                gql,
                Code.CANCELLED,
                assertThrows(
                                RefusedException.class,
                                () -> service.as("a", null, () -> true).runQuery(query))
                        .code());
    }

    @Test
    public void aQueryThatNobodyWaitsForEnds() {
        for (int i = 0; i < 100; i++) {
            commit(upsert(
                    entity("q" + i, "n", Value.newBuilder().setIntegerValue(i).build())));
        }
        RunQueryRequest query = RunQueryRequest.newBuilder()
                .setProjectId("p")
                .setGqlQuery(GqlQuery.newBuilder().setQueryString("SELECT *"))
                .build();
        assertEquals(
                100,
                service.as("a", null, () -> false).runQuery(query).getBatch().getEntityResultsCount());
        assertEquals(
                Code.CANCELLED,
                assertThrows(
                                RefusedException.class,
                                () -> service.as("a", null, () -> true).runQuery(query))
                        .code());
    }
}
