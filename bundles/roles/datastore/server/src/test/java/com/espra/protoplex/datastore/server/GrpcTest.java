package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import com.google.cloud.datastore.v1.DatastoreClient;
import com.google.cloud.datastore.v1.DatastoreSettings;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.Value;
import com.google.rpc.Code;
import io.grpc.ManagedChannelBuilder;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** gRPC, as Google's low-level client speaks it. */
public class GrpcTest {

    @Rule
    public final TestDatastore server = new TestDatastore();

    private static final Intake.Room ANY = bytes -> {};

    private DatastoreClient client;

    @Before
    @SuppressWarnings("rawtypes")
    public void connect() throws Exception {
        client = DatastoreClient.create(DatastoreSettings.newBuilder()
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(InstantiatingGrpcChannelProvider.newBuilder()
                        .setEndpoint("127.0.0.1:" + server.port())
                        .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                        .build())
                .build());
    }

    @After
    public void disconnect() throws Exception {
        client.shutdown();
        client.awaitTermination(10, TimeUnit.SECONDS);
    }

    private static Key key(String name) {
        return Key.newBuilder()
                .addPath(Key.PathElement.newBuilder().setKind("Task").setName(name))
                .build();
    }

    private static Mutation insert(String name) {
        return Mutation.newBuilder()
                .setInsert(Entity.newBuilder()
                        .setKey(key(name))
                        .putProperties(
                                "n", Value.newBuilder().setIntegerValue(1).build()))
                .build();
    }

    @Test
    public void writesAndReads() {
        CommitResponse committed = client.commit("p", CommitRequest.Mode.NON_TRANSACTIONAL, List.of(insert("a")));
        assertTrue(committed.getMutationResults(0).getVersion() > 0);
        LookupResponse found = client.lookup("p", ReadOptions.getDefaultInstance(), List.of(key("a"), key("b")));
        assertEquals(1, found.getFoundCount());
        assertEquals(1, found.getMissingCount());
    }

    @Test
    public void anAnswerOfManyFramesComesWhole() {
        Value large = Value.newBuilder()
                .setStringValue("x".repeat(100_000))
                .setExcludeFromIndexes(true)
                .build();
        for (int i = 0; i < 20; i++) {
            Entity entity = Entity.newBuilder()
                    .setKey(key("large" + i))
                    .putProperties("text", large)
                    .build();
            client.commit(
                    "p",
                    CommitRequest.Mode.NON_TRANSACTIONAL,
                    List.of(Mutation.newBuilder().setInsert(entity).build()));
        }
        List<Key> keys = IntStream.range(0, 20).mapToObj(i -> key("large" + i)).toList();
        assertEquals(
                20, client.lookup("p", ReadOptions.getDefaultInstance(), keys).getFoundCount());
    }

    @Test
    public void errorsHaveTheirCodeAndMessage() {
        client.commit("p", CommitRequest.Mode.NON_TRANSACTIONAL, List.of(insert("ä")));
        ApiException twice = assertThrows(
                ApiException.class,
                () -> client.commit("p", CommitRequest.Mode.NON_TRANSACTIONAL, List.of(insert("ä"))));
        assertEquals(StatusCode.Code.ALREADY_EXISTS, twice.getStatusCode().getCode());
        assertTrue(twice.getMessage(), twice.getMessage().contains("entity already exists: Task:ä"));
    }

    @Test
    public void framesAreRead() throws Exception {
        byte[] frame = {0, 0, 0, 0, 2, 7, 8};
        assertEquals(2, GrpcForm.frame(frame, null, ANY).length);
        for (byte[] bad : List.of(
                new byte[0], new byte[] {0, 0, 0, 0}, new byte[] {0, 0, 0, 0, 3, 1}, new byte[] {2, 0, 0, 0, 0})) {
            assertEquals(
                    Code.INVALID_ARGUMENT,
                    assertThrows(
                                    com.espra.protoplex.datastore.model.RefusedException.class,
                                    () -> GrpcForm.frame(bad, null, ANY))
                            .code());
        }
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(new byte[1_000]);
        }
        byte[] compressed = new byte[5 + zipped.size()];
        compressed[0] = 1;
        compressed[4] = (byte) zipped.size();
        System.arraycopy(zipped.toByteArray(), 0, compressed, 5, zipped.size());
        long[] taken = {0};
        GrpcForm.frame(compressed, "gzip", bytes -> taken[0] += bytes);
        assertEquals("what it grows to takes room", 1_000, taken[0]);
        assertEquals(1_000, GrpcForm.frame(compressed, "gzip", ANY).length);
    }

    @Test
    public void timeoutsAreRead() {
        assertEquals(5_000_000, GrpcForm.timeout("5m"));
        assertEquals(2_000_000_000, GrpcForm.timeout("2S"));
        assertThrows(com.espra.protoplex.datastore.model.RefusedException.class, () -> GrpcForm.timeout("soon"));
    }
}
