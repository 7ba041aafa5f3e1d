package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.model.DatastoreService;
import com.espra.protoplex.datastore.model.RefusedException;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.QueryResultBatch.MoreResultsType;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.Value;
import com.google.protobuf.NullValue;
import com.google.protobuf.Timestamp;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What there is, asked for as entities. */
public class MetadataTest {

    @Rule
    public final TestDatastore server = new TestDatastore();

    private DatastoreService service;

    @Before
    public void write() {
        service = server.open().service();
        put("", "Task", "n", Value.newBuilder().setIntegerValue(1));
        put("", "Task", "n", Value.newBuilder().setStringValue("x"));
        put("", "Task", "when", Value.newBuilder().setTimestampValue(Timestamp.getDefaultInstance()));
        put("", "Alarm", "off", Value.newBuilder().setBooleanValue(true));
        put("", "Alarm", "off", Value.newBuilder().setNullValue(NullValue.NULL_VALUE));
        put("shop", "Order", "cents", Value.newBuilder().setDoubleValue(1));
        put("attic", "Order", "hidden", Value.newBuilder().setIntegerValue(1).setExcludeFromIndexes(true));
    }

    private void put(String namespace, String kind, String property, Value.Builder value) {
        CommitRequest.Builder commit =
                CommitRequest.newBuilder().setProjectId("p").setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
        commit.addMutationsBuilder()
                .setInsert(Entity.newBuilder()
                        .setKey(Key.newBuilder()
                                .setPartitionId(PartitionId.newBuilder().setNamespaceId(namespace))
                                .addPath(Key.PathElement.newBuilder().setKind(kind)))
                        .putProperties(property, value.build()));
        service.commit(commit.build());
    }

    private QueryResultBatch batch(DatastoreService asked, String namespace, String gql) {
        return asked.runQuery(RunQueryRequest.newBuilder()
                        .setProjectId("p")
                        .setPartitionId(PartitionId.newBuilder().setNamespaceId(namespace))
                        .setGqlQuery(GqlQuery.newBuilder().setQueryString(gql).setAllowLiterals(true))
                        .build())
                .getBatch();
    }

    private List<String> names(String namespace, String gql) {
        return batch(service, namespace, gql).getEntityResultsList().stream()
                .map(each -> {
                    Key.PathElement last = each.getEntity()
                            .getKey()
                            .getPath(each.getEntity().getKey().getPathCount() - 1);
                    return last.getName().isEmpty() ? Long.toString(last.getId()) : last.getName();
                })
                .toList();
    }

    @Test
    public void namespacesAndKinds() {
        assertEquals(List.of("1", "attic", "shop"), names("", "SELECT __key__ FROM __namespace__"));
        assertEquals(
                List.of("attic"),
                names("", "SELECT * FROM __namespace__ WHERE __key__ < KEY(__namespace__, 'shop') OFFSET 1"));
        assertEquals(List.of("Alarm", "Task"), names("", "SELECT * FROM __kind__"));
        assertEquals(List.of("Order"), names("shop", "SELECT * FROM __kind__"));
        assertEquals(List.of(), names("none", "SELECT * FROM __kind__"));
        QueryResultBatch first = batch(service, "", "SELECT * FROM __kind__ LIMIT 1");
        assertEquals(MoreResultsType.MORE_RESULTS_AFTER_LIMIT, first.getMoreResults());
        assertEquals(1, first.getEntityResultsCount());
    }

    @Test
    public void aQueryBeginsWhereItsCursorOrItsFilterIs() {
        for (int i = 0; i < 500; i++) {
            put(
                    "many",
                    "K%03d".formatted(i),
                    "p%03d".formatted(i),
                    Value.newBuilder().setIntegerValue(i));
        }
        long[] looks = {0};
        DatastoreService counting = service.as("c", null, () -> looks[0]++ < 0);
        assertEquals(
                300, batch(counting, "many", "SELECT __key__ FROM __kind__").getEntityResultsCount());
        assertTrue("rows are counted in 64s", looks[0] >= 4);
        String last = "KEY(NAMESPACE('many'), __kind__, 'K498')";
        for (String gql : List.of(
                "SELECT __key__ FROM __kind__ WHERE __key__ >= " + last,
                "SELECT __key__ FROM __property__ WHERE __key__ >= " + last,
                "SELECT __key__ FROM __property__ WHERE __key__ HAS ANCESTOR " + last,
                "SELECT __key__ FROM __kind__ WHERE __key__ < KEY(NAMESPACE('many'), __kind__, 'K003')")) {
            looks[0] = 0;
            int found = batch(counting, "many", gql).getEntityResultsCount();
            assertEquals(gql, gql.contains("ANCESTOR") ? 1 : gql.contains("<") ? 3 : 2, found);
            assertEquals(gql, 0, looks[0]);
        }
        String page = "SELECT __key__ FROM __property__ LIMIT 100";
        Query query = service.runQuery(RunQueryRequest.newBuilder()
                        .setProjectId("p")
                        .setPartitionId(PartitionId.newBuilder().setNamespaceId("many"))
                        .setGqlQuery(GqlQuery.newBuilder().setQueryString(page).setAllowLiterals(true))
                        .build())
                .getQuery();
        int all = 0;
        for (int count = 100; count == 100; ) {
            QueryResultBatch batch = service.runQuery(RunQueryRequest.newBuilder()
                            .setProjectId("p")
                            .setPartitionId(PartitionId.newBuilder().setNamespaceId("many"))
                            .setQuery(query)
                            .build())
                    .getBatch();
            count = batch.getEntityResultsCount();
            all += count;
            query = query.toBuilder().setStartCursor(batch.getEndCursor()).build();
        }
        assertEquals("each once", 500, all);
    }

    @Test
    public void propertiesWithTheirTypes() {
        assertEquals(List.of("off", "n", "when"), names("", "SELECT __key__ FROM __property__"));
        assertEquals(
                List.of("n", "when"),
                names("", "SELECT * FROM __property__ WHERE __key__ HAS ANCESTOR KEY(__kind__, 'Task')"));
        List<String> types = batch(
                        service,
                        "",
                        "SELECT property_representation FROM __property__"
                                + " WHERE __key__ = KEY(__kind__, 'Task', __property__, 'n')")
                .getEntityResultsList()
                .stream()
                .map(each -> each.getEntity()
                        .getPropertiesOrThrow("property_representation")
                        .getStringValue())
                .toList();
        assertEquals(List.of("INT64", "STRING"), types);
        assertEquals("not indexed, not seen", List.of(), names("attic", "SELECT * FROM __property__"));
    }

    @Test
    public void aTokenOfANamespaceSeesThatOneAlone() {
        DatastoreService bound = service.as("a", "shop", () -> false);
        assertEquals(1, batch(bound, "shop", "SELECT * FROM __namespace__").getEntityResultsCount());
        assertThrows(RefusedException.class, () -> batch(bound, "", "SELECT * FROM __kind__"));
    }

    @Test
    public void otherFiltersAndOrdersAreRefused() {
        for (String gql : List.of(
                "SELECT * FROM __kind__ WHERE a = 1",
                "SELECT * FROM __kind__ ORDER BY __key__ DESC",
                "SELECT a FROM __kind__",
                "SELECT * FROM __nothing__")) {
            RefusedException refused = assertThrows(gql, RefusedException.class, () -> batch(service, "", gql));
            assertTrue(refused.getMessage(), refused.getMessage().contains("__"));
        }
    }
}
