package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import com.google.cloud.datastore.admin.v1.DatastoreAdminClient;
import com.google.cloud.datastore.admin.v1.DatastoreAdminSettings;
import com.google.datastore.admin.v1.CreateIndexRequest;
import com.google.datastore.admin.v1.DeleteIndexRequest;
import com.google.datastore.admin.v1.ExportEntitiesRequest;
import com.google.datastore.admin.v1.GetIndexRequest;
import com.google.datastore.admin.v1.Index;
import com.google.datastore.admin.v1.ListIndexesRequest;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.Operation;
import io.grpc.ManagedChannelBuilder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Datastore Admin v1, by Google's own client over gRPC, and as JSON over HTTP. */
public class AdminTest {

    private static final Duration LONGEST = Duration.ofSeconds(20);

    @Rule
    public final TestDatastore server = new TestDatastore();

    private DatastoreAdminClient admin;
    private final HttpClient http = HttpClient.newHttpClient();

    @Before
    @SuppressWarnings("rawtypes")
    public void connect() throws Exception {
        admin = DatastoreAdminClient.create(DatastoreAdminSettings.newBuilder()
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(InstantiatingGrpcChannelProvider.newBuilder()
                        .setEndpoint("127.0.0.1:" + server.port())
                        .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                        .build())
                .build());
    }

    @After
    public void disconnect() throws Exception {
        admin.shutdown();
        admin.awaitTermination(10, TimeUnit.SECONDS);
        http.close();
    }

    private static Index.Builder index(String kind) {
        Index.Builder index = Index.newBuilder().setKind(kind).setAncestor(Index.AncestorMode.NONE);
        index.addPropertiesBuilder().setName("done").setDirection(Index.Direction.ASCENDING);
        index.addPropertiesBuilder().setName("due").setDirection(Index.Direction.DESCENDING);
        return index;
    }

    private static CreateIndexRequest create(String kind) {
        return CreateIndexRequest.newBuilder()
                .setProjectId("p")
                .setIndex(index(kind))
                .build();
    }

    private static void assertCode(StatusCode.Code code, ApiException refused) {
        assertEquals(refused.getMessage(), code, refused.getStatusCode().getCode());
    }

    @Test
    public void googlesClientMakesAnIndexAndTakesItAway() throws Exception {
        Index made = admin.createIndexAsync(create("Task")).get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        assertEquals(Index.State.READY, made.getState());
        assertEquals(index("Task").getPropertiesList(), made.getPropertiesList());
        GetIndexRequest one = GetIndexRequest.newBuilder()
                .setProjectId("p")
                .setIndexId(made.getIndexId())
                .build();
        assertEquals(made, admin.getIndex(one));
        assertCode(
                StatusCode.Code.ALREADY_EXISTS,
                assertThrows(
                        ApiException.class, () -> admin.createIndexCallable().call(create("Task"))));
        String creation = "projects/p/operations/create-" + made.getIndexId();
        server.reopen();
        disconnect();
        connect();
        assertTrue(
                "it is what its index says, after a restart, too",
                operation(creation).getDone());
        assertEquals(
                1,
                admin.getOperationsClient()
                        .listOperations(ListOperationsRequest.newBuilder()
                                .setName("projects/p")
                                .build())
                        .getPage()
                        .getPageElementCount());
        DeleteIndexRequest delete = DeleteIndexRequest.newBuilder()
                .setProjectId("p")
                .setIndexId(made.getIndexId())
                .build();
        admin.deleteIndexAsync(delete).get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        assertCode(StatusCode.Code.NOT_FOUND, assertThrows(ApiException.class, () -> admin.getIndex(one)));
        assertCode(StatusCode.Code.NOT_FOUND, assertThrows(ApiException.class, () -> operation(creation)));
        assertCode(
                StatusCode.Code.NOT_FOUND,
                assertThrows(ApiException.class, () -> operation("projects/p/operations/delete-" + Long.MAX_VALUE)));
        assertCode(
                StatusCode.Code.INVALID_ARGUMENT,
                assertThrows(ApiException.class, () -> operation("projects/p/operations/export-1")));
    }

    private Operation operation(String name) {
        return admin.getOperationsClient().getOperation(name);
    }

    @Test
    public void whatIsNotThereSaysSo() {
        ExportEntitiesRequest export = ExportEntitiesRequest.newBuilder()
                .setProjectId("p")
                .setOutputUrlPrefix("gs://b")
                .build();
        ApiException refused = assertThrows(
                ApiException.class, () -> admin.exportEntitiesCallable().call(export));
        assertCode(StatusCode.Code.UNIMPLEMENTED, refused);
        assertTrue(refused.getMessage(), refused.getMessage().contains("ds:backup"));
        CreateIndexRequest without = create("Task").toBuilder()
                .setIndex(index("Task").clearAncestor())
                .build();
        assertCode(
                StatusCode.Code.INVALID_ARGUMENT,
                assertThrows(
                        ApiException.class, () -> admin.createIndexCallable().call(without)));
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return http.send(
                body.isEmpty()
                        ? request.build()
                        : request.header("Content-Type", "application/json").build(),
                BodyHandlers.ofString());
    }

    private JsonObject json(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = send(method, path, body);
        assertEquals(answer.body(), 200, answer.statusCode());
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }

    @Test
    public void soDoesJson() throws Exception {
        JsonObject begun = json("POST", "/v1/projects/p/indexes", """
                {"kind": "Task", "ancestor": "ALL_ANCESTORS",
                 "properties": [{"name": "due", "direction": "DESCENDING"}]}
                """);
        String name = begun.get("name").getAsString();
        JsonObject operation = begun;
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!operation.has("done")) {
            assertTrue("it is built", System.nanoTime() < deadline);
            operation = json("GET", "/v1/" + name, "");
        }
        JsonObject response = operation.getAsJsonObject("response");
        assertEquals(
                "type.googleapis.com/google.datastore.admin.v1.Index",
                response.get("@type").getAsString());
        String id = response.get("indexId").getAsString();
        assertEquals(
                "READY",
                json("GET", "/v1/projects/p/indexes/" + id, "").get("state").getAsString());
        assertEquals(
                1,
                json("GET", "/v1/projects/p/indexes?filter=state%3DREADY&pageSize=5", "")
                        .getAsJsonArray("indexes")
                        .size());
        assertTrue(json("GET", "/v1/projects/p/operations", "").has("operations"));
        assertEquals(
                "what is done stays",
                0,
                json("POST", "/v1/" + name + ":cancel", "").size());
        assertTrue(json("DELETE", "/v1/projects/p/indexes/" + id, "")
                .get("name")
                .getAsString()
                .contains("delete-"));
        assertEquals(501, send("PUT", "/v1/projects/p/indexes/" + id, "").statusCode());
        assertEquals(501, send("DELETE", "/v1/" + name, "").statusCode());
        assertEquals(404, send("GET", "/v1/projects/p/indexes/7", "").statusCode());
        assertEquals(400, send("GET", "/v1/projects/p/indexes/x", "").statusCode());
        assertEquals(400, send("GET", "/v1/projects/p/indexes?pageSize=x", "").statusCode());
        assertEquals(
                "the names of gRPC are none of HTTP",
                501,
                send("POST", "/v1/projects/p:google.datastore.admin.v1.DatastoreAdmin/ListIndexes", "{}")
                        .statusCode());
    }

    @Test
    public void indexesComeInPagesAndByTheirState() throws Exception {
        for (String kind : new String[] {"A", "B", "C"}) {
            admin.createIndexAsync(create(kind)).get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        }
        ListIndexesRequest.Builder list =
                ListIndexesRequest.newBuilder().setProjectId("p").setPageSize(2);
        int count = 0;
        for (Index each : admin.listIndexes(list.build()).iterateAll()) {
            assertEquals(Index.State.READY, each.getState());
            count++;
        }
        assertEquals(3, count);
        assertFalse(admin.listIndexes(list.setFilter("state=CREATING").build())
                .iterateAll()
                .iterator()
                .hasNext());
        ApiException refused = assertThrows(
                ApiException.class,
                () -> admin.listIndexes(list.setFilter("kind=A").build()));
        assertCode(StatusCode.Code.INVALID_ARGUMENT, refused);
        assertFalse(admin.listIndexes(list.setFilter("").setProjectId("other").build())
                .iterateAll()
                .iterator()
                .hasNext());
    }
}
