package com.espra.protoplex.datastore.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.datastore.DatastoreAnswer;
import com.espra.protoplex.api.datastore.DatastoreCalls;
import com.espra.protoplex.api.offer.UnitUnavailableException;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.MutationResult;
import com.google.rpc.Status;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.Test;

/** Google's client over calls of another unit. */
public class DatastoreClientTest {

    private final List<String> asked = new ArrayList<>();
    private final AtomicReference<@Nullable DatastoreCalls> calls = new AtomicReference<>();

    private static DatastoreClientConfig config(int seconds, String host) {
        return new DatastoreClientConfig() {
            @Override
            public Class<? extends Annotation> annotationType() {
                return DatastoreClientConfig.class;
            }

            @Override
            public String project() {
                return "shop";
            }

            @Override
            public String database() {
                return "";
            }

            @Override
            public String namespace() {
                return "orders";
            }

            @Override
            public String host() {
                return host;
            }

            @Override
            public String credentials() {
                return "";
            }

            @Override
            public int timeoutSeconds() {
                return seconds;
            }
        };
    }

    private Datastore client() throws IOException {
        return DatastoreClient.client(config(7, ""), calls::get);
    }

    @Test
    public void callsHaveTheConfiguredProjectAndNamespaceAndNoSocket() throws Exception {
        calls.set((project, method, request, deadline) -> {
            asked.add(project + " " + method + " " + deadline);
            if (method.equals("commit")) {
                CommitRequest commit = CommitRequest.parseFrom(request);
                assertEquals(
                        "orders",
                        commit.getMutations(0)
                                .getUpsert()
                                .getKey()
                                .getPartitionId()
                                .getNamespaceId());
                return new DatastoreAnswer(
                        200,
                        CommitResponse.newBuilder()
                                .addMutationResults(MutationResult.newBuilder().setVersion(1))
                                .build()
                                .toByteArray());
            }
            assertEquals(1, LookupRequest.parseFrom(request).getKeysCount());
            return new DatastoreAnswer(200, LookupResponse.getDefaultInstance().toByteArray());
        });
        Datastore datastore = client();
        Key key = datastore.newKeyFactory().setKind("Order").newKey("a");
        datastore.put(Entity.newBuilder(key).set("n", 1).build());
        assertNull(datastore.get(key));
        assertEquals(List.of("shop commit PT7S", "shop lookup PT7S"), asked);
    }

    @Test
    public void errorsHaveTheirCodeAndWhatIsAwayMayBeTriedAgain() throws Exception {
        Datastore datastore = client();
        Key key = datastore.newKeyFactory().setKind("Order").newKey("a");
        calls.set((project, method, request, deadline) -> new DatastoreAnswer(
                400,
                Status.newBuilder()
                        .setCode(3)
                        .setMessage("no such thing")
                        .build()
                        .toByteArray()));
        DatastoreException refused = assertThrows(DatastoreException.class, () -> datastore.get(key));
        assertEquals("INVALID_ARGUMENT", refused.getReason());
        assertTrue(refused.getMessage(), refused.getMessage().contains("no such thing"));
        int[] count = {0};
        calls.set((project, method, request, deadline) -> {
            if (count[0]++ == 0) {
                throw new UnitUnavailableException("datastore", "it moves");
            }
            return new DatastoreAnswer(200, LookupResponse.getDefaultInstance().toByteArray());
        });
        assertNull("the client tries again by itself", datastore.get(key));
        assertEquals(2, count[0]);
    }

    @Test
    public void whereNobodyBringsCallsItIsSaid() throws Exception {
        CallsTransport transport = new CallsTransport(() -> null, Duration.ofSeconds(1));
        IOException away = assertThrows(
                IOException.class,
                () -> transport
                        .buildRequest("POST", "http://x/v1/projects/p:lookup")
                        .execute());
        assertTrue(away.getMessage(), away.getMessage().contains("give it the role"));
    }

    @Test
    public void aHostIsGooglesOrAnotherOne() throws Exception {
        Datastore datastore = DatastoreClient.client(config(7, "http://127.0.0.1:1"), calls::get);
        assertEquals("http://127.0.0.1:1", datastore.getOptions().getHost());
        assertThrows(IOException.class, () -> DatastoreClient.client(config(0, ""), calls::get));
    }
}
