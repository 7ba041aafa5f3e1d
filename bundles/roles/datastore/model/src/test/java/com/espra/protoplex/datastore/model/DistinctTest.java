package com.espra.protoplex.datastore.model;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.engine.Store;
import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.Value;
import com.google.protobuf.Int32Value;
import com.google.rpc.Code;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** {@code distinct_on}, and the sample by {@code __scatter__}. */
public class DistinctTest {

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

    @After
    public void close() {
        store.close();
    }

    private static Value whole(long number) {
        return Value.newBuilder().setIntegerValue(number).build();
    }

    private static Value both(long one, long other) {
        return Value.newBuilder()
                .setArrayValue(ArrayValue.newBuilder().addValues(whole(one)).addValues(whole(other)))
                .build();
    }

    private static Entity.Builder entity(String name) {
        return Entity.newBuilder()
                .setKey(Key.newBuilder()
                        .addPath(Key.PathElement.newBuilder().setKind("T").setName(name)));
    }

    private void put(Entity.Builder... entities) {
        CommitRequest.Builder commit =
                CommitRequest.newBuilder().setProjectId("p").setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
        for (Entity.Builder each : entities) {
            commit.addMutationsBuilder().setUpsert(each);
        }
        service.commit(commit.build());
    }

    /** The values of all results, by pages of some size. */
    private List<String> all(String gql, int page) {
        RunQueryRequest request = RunQueryRequest.newBuilder()
                .setProjectId("p")
                .setGqlQuery(GqlQuery.newBuilder().setQueryString(gql).setAllowLiterals(true))
                .build();
        Query query = service.runQuery(request).getQuery();
        List<String> found = new ArrayList<>();
        QueryResultBatch batch;
        do {
            batch = service.runQuery(RunQueryRequest.newBuilder()
                            .setProjectId("p")
                            .setQuery(query.toBuilder().setLimit(Int32Value.of(page)))
                            .build())
                    .getBatch();
            for (EntityResult each : batch.getEntityResultsList()) {
                found.add(new TreeSet<>(each.getEntity().getPropertiesMap().keySet())
                        .stream()
                                .map(name -> name + "="
                                        + each.getEntity()
                                                .getPropertiesOrThrow(name)
                                                .getIntegerValue())
                                .toList()
                                .toString());
            }
            query = query.toBuilder().setStartCursor(batch.getEndCursor()).build();
        } while (batch.getEntityResultsCount() > 0);
        return found;
    }

    private void some() {
        put(
                entity("a").putProperties("group", whole(2)).putProperties("n", whole(5)),
                entity("b").putProperties("group", whole(1)).putProperties("n", whole(9)),
                entity("c").putProperties("group", whole(2)).putProperties("n", whole(3)),
                entity("d").putProperties("group", both(1, 3)).putProperties("n", whole(4)),
                entity("e").putProperties("n", whole(1)));
    }

    @Test
    public void eachCombinationIsThereOnceOnPagesOfAnySize() {
        some();
        for (int page : new int[] {1, 2, 100}) {
            assertEquals(
                    "d has one place, at the first of its values",
                    List.of("[group=1]", "[group=3]", "[group=2]"),
                    all("SELECT DISTINCT group FROM T ORDER BY group, n", page));
            assertEquals(
                    "the first in the order",
                    Set.of("[group=1, n=4]", "[group=3, n=4]", "[group=2, n=3]"),
                    Set.copyOf(all("SELECT DISTINCT ON (group) group, n FROM T ORDER BY group, n", page)));
            assertEquals(
                    Set.of("[group=1, n=9]", "[group=3, n=4]", "[group=2, n=5]"),
                    Set.copyOf(all("SELECT DISTINCT ON (group) group, n FROM T ORDER BY group, n DESC", page)));
        }
        assertEquals(5, all("SELECT DISTINCT group, n FROM T", 2).size());
        assertEquals(List.of("[group=1]"), all("SELECT DISTINCT group FROM T WHERE group < 2", 1));
    }

    @Test
    public void aCountCountsThemOnce() {
        some();
        Query.Builder nested = Query.newBuilder();
        nested.addKindBuilder().setName("T");
        nested.addProjectionBuilder().getPropertyBuilder().setName("group");
        nested.addDistinctOnBuilder().setName("group");
        RunAggregationQueryRequest.Builder request =
                RunAggregationQueryRequest.newBuilder().setProjectId("p");
        request.getAggregationQueryBuilder()
                .setNestedQuery(nested)
                .addAggregationsBuilder()
                .getCountBuilder();
        assertEquals(
                3,
                service.runAggregationQuery(request.build())
                        .getBatch()
                        .getAggregationResults(0)
                        .getAggregatePropertiesOrThrow("property_1")
                        .getIntegerValue());
    }

    @Test
    public void randomEntitiesHaveTheirGroups() {
        Random random = new Random(17);
        Set<String> groups = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            long one = random.nextInt(20);
            long other = random.nextInt(3);
            put(entity("e" + i).putProperties("a", whole(one)).putProperties("b", whole(other)));
            groups.add("[a=" + one + ", b=" + other + "]");
        }
        List<String> found = all("SELECT DISTINCT a, b FROM T", 7);
        assertEquals(groups, Set.copyOf(found));
        assertEquals("each once", groups.size(), found.size());
    }

    @Test
    public void whatIsNoQuerySaysWhy() {
        for (String gql : List.of(
                "SELECT DISTINCT ON (a) b FROM T",
                "SELECT DISTINCT ON (a) a, b FROM T ORDER BY b, a",
                "SELECT * FROM T ORDER BY __scatter__",
                "SELECT __key__ FROM T ORDER BY __scatter__ DESC",
                "SELECT __key__ FROM T ORDER BY a, __scatter__")) {
            RefusedException refused = assertThrows(gql, RefusedException.class, () -> all(gql, 1));
            assertEquals(gql, Code.INVALID_ARGUMENT, refused.code());
        }
    }

    @Test
    public void aSampleIsOneOf128InAnOrderOfItsOwn() {
        for (int i = 0; i < 4_000; i += 400) {
            Entity.Builder[] some = new Entity.Builder[400];
            for (int j = 0; j < some.length; j++) {
                some[j] = entity("e" + (i + j));
            }
            put(some);
        }
        String gql = "SELECT __key__ FROM T ORDER BY __scatter__";
        int whole = all(gql, 1_000).size();
        assertTrue("about 31: " + whole, whole > 10 && whole < 70);
        assertEquals("by pages as at once", whole, all(gql, 3).size());
        List<String> names = service
                .runQuery(RunQueryRequest.newBuilder()
                        .setProjectId("p")
                        .setGqlQuery(GqlQuery.newBuilder().setQueryString(gql))
                        .build())
                .getBatch()
                .getEntityResultsList()
                .stream()
                .map(each -> each.getEntity().getKey().getPath(0).getName())
                .toList();
        assertEquals(names.size(), Set.copyOf(names).size());
        assertTrue(
                "not in the order of keys",
                !names.equals(names.stream().sorted().toList()));
    }
}
