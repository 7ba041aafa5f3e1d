package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.google.cloud.Timestamp;
import com.google.cloud.datastore.Blob;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.FullEntity;
import com.google.cloud.datastore.IncompleteKey;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.KeyFactory;
import com.google.cloud.datastore.LatLng;
import com.google.cloud.datastore.ListValue;
import com.google.cloud.datastore.LongValue;
import com.google.cloud.datastore.NullValue;
import com.google.cloud.datastore.PathElement;
import com.google.cloud.datastore.ReadOption;
import com.google.cloud.datastore.StringValue;
import com.google.cloud.datastore.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Entities, as Google's own client writes and reads them. */
public class EntitiesTest {

    @Rule
    public final TestDatastore server = new TestDatastore();

    private Datastore datastore;
    private KeyFactory tasks;

    @Before
    public void connect() {
        datastore = server.client();
        tasks = datastore.newKeyFactory().setKind("Task");
    }

    private Entity task(String name, String text) {
        return Entity.newBuilder(tasks.newKey(name)).set("text", text).build();
    }

    private static String reason(DatastoreException e) {
        return e.getReason() + " " + e.getCode();
    }

    @Test
    public void everyTypeOfValueComesBackAsItWas() throws Exception {
        Entity all = Entity.newBuilder(tasks.newKey("all"))
                .set("long", 9_007_199_254_740_993L)
                .set("double", -0.0)
                .set("nan", Double.NaN)
                .set("text", "grüezi \0 𝄞")
                .set("boolean", true)
                .set("time", Timestamp.ofTimeSecondsAndNanos(1_700_000_000, 123_456_000))
                .set("blob", Blob.copyFrom(new byte[] {0, 1, -1}))
                .set("point", LatLng.of(47.37, 8.54))
                .set("key", tasks.newKey(17))
                .set("null", NullValue.of())
                .set("list", ListValue.of(LongValue.of(1), StringValue.of("b")))
                .set("empty", ListValue.newBuilder().build())
                .set("inner", FullEntity.newBuilder().set("a", 1).build())
                .set(
                        "long text",
                        StringValue.newBuilder("x".repeat(100_000))
                                .setExcludeFromIndexes(true)
                                .build())
                .build();
        datastore.put(all);
        assertEquals(all, datastore.get(all.getKey()));
        server.reopen();
        assertEquals("after a restart", all, server.client().get(all.getKey()));
        datastore = server.client();
        datastore.delete(all.getKey());
        assertNull(datastore.get(all.getKey()));
    }

    @Test
    public void insertAndUpdateSayWhatIsThere() {
        datastore.add(task("a", "1"));
        assertEquals(
                "ALREADY_EXISTS 6",
                reason(assertThrows(DatastoreException.class, () -> datastore.add(task("a", "2")))));
        assertEquals(
                "NOT_FOUND 5", reason(assertThrows(DatastoreException.class, () -> datastore.update(task("b", "2")))));
        datastore.update(task("a", "3"));
        assertEquals("3", datastore.get(tasks.newKey("a")).getString("text"));
    }

    @Test
    public void idsAreGivenOnce() {
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            IncompleteKey incomplete = tasks.newKey();
            for (Key key : datastore.allocateId(incomplete, incomplete, incomplete)) {
                assertTrue(ids.add(key.getId()));
            }
            Entity added =
                    datastore.add(FullEntity.newBuilder(incomplete).set("i", i).build());
            assertTrue(ids.add(added.getKey().getId()));
        }
        assertTrue(ids.stream().allMatch(id -> id > 0 && id < 1L << 53));
        datastore.reserveIds(tasks.newKey(5), tasks.newKey(6));
    }

    @Test
    public void childrenHaveTheirOwnKeys() {
        Key child = datastore
                .newKeyFactory()
                .addAncestor(PathElement.of("List", "l"))
                .setKind("Task")
                .newKey("a");
        datastore.put(Entity.newBuilder(child).set("text", "child").build(), task("a", "alone"));
        assertEquals("child", datastore.get(child).getString("text"));
        assertEquals("alone", datastore.get(tasks.newKey("a")).getString("text"));
    }

    @Test
    public void namespacesAreApart() {
        Key other =
                datastore.newKeyFactory().setNamespace("other").setKind("Task").newKey("a");
        datastore.put(Entity.newBuilder(other).set("text", "other").build());
        assertNull(datastore.get(tasks.newKey("a")));
        assertEquals("other", datastore.get(other).getString("text"));
    }

    @Test
    public void whatWasIsReadAtItsTime() throws Exception {
        datastore.put(task("a", "1"));
        Timestamp then = Timestamp.ofTimeMicroseconds(
                java.time.temporal.ChronoUnit.MICROS.between(java.time.Instant.EPOCH, java.time.Instant.now()));
        datastore.put(task("a", "2"));
        datastore.delete(tasks.newKey("a"));
        assertNull(datastore.get(tasks.newKey("a")));
        assertEquals(
                "1", datastore.get(tasks.newKey("a"), ReadOption.readTime(then)).getString("text"));
    }

    @Test
    public void aTransactionThatReadWhatChangedIsAborted() {
        datastore.put(task("a", "1"));
        Transaction first = datastore.newTransaction();
        Transaction second = datastore.newTransaction();
        first.get(tasks.newKey("a"));
        second.get(tasks.newKey("a"));
        first.put(task("a", "first"));
        second.put(task("a", "second"));
        second.commit();
        assertEquals("ABORTED 10", reason(assertThrows(DatastoreException.class, first::commit)));
        assertEquals("second", datastore.get(tasks.newKey("a")).getString("text"));
    }

    @Test
    public void aTransactionIsAllOrNothing() {
        datastore.put(task("a", "1"));
        Transaction transaction = datastore.newTransaction();
        transaction.put(task("b", "1"));
        transaction.add(task("a", "2"));
        assertThrows(DatastoreException.class, transaction::commit);
        assertNull(datastore.get(tasks.newKey("b")));
        Transaction rolledBack = datastore.newTransaction();
        rolledBack.put(task("b", "1"));
        rolledBack.rollback();
        assertNull(datastore.get(tasks.newKey("b")));
    }

    @Test
    public void aRunInATransactionCountsAll() throws Exception {
        datastore.put(Entity.newBuilder(tasks.newKey("n")).set("n", 0).build());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int j = 0; j < 10; ) {
                    Transaction transaction = datastore.newTransaction();
                    try {
                        long n = transaction.get(tasks.newKey("n")).getLong("n");
                        transaction.put(Entity.newBuilder(tasks.newKey("n"))
                                .set("n", n + 1)
                                .build());
                        transaction.commit();
                        j++;
                    } catch (DatastoreException e) {
                        assertEquals("ABORTED 10", reason(e));
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(40, datastore.get(tasks.newKey("n")).getLong("n"));
    }

    @Test
    public void aTransactionOverASwapIsAborted() throws Exception {
        Transaction transaction = datastore.newTransaction();
        transaction.put(task("a", "1"));
        com.google.protobuf.ByteString id = transaction.getTransactionId();
        server.reopen();
        com.google.datastore.v1.RollbackRequest rollback = com.google.datastore.v1.RollbackRequest.newBuilder()
                .setProjectId("test-project")
                .setTransaction(id)
                .build();
        java.net.http.HttpResponse<byte[]> answer = java.net.http.HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(server.uri("/v1/projects/test-project:rollback"))
                                .header("Content-Type", "application/x-protobuf")
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(rollback.toByteArray()))
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(
                com.google.rpc.Code.ABORTED.getNumber(),
                com.google.rpc.Status.parseFrom(answer.body()).getCode());
    }

    @Test
    public void whatIsNotSoundIsRefused() {
        assertRefused(
                Entity.newBuilder(tasks.newKey("a"))
                        .set("text", "x".repeat(1_501))
                        .build(),
                "1500");
        assertRefused(Entity.newBuilder(tasks.newKey("a")).set("__x__", 1).build(), "reserved");
        assertRefused(
                Entity.newBuilder(datastore.newKeyFactory().setKind("__Task__").newKey("a"))
                        .build(),
                "reserved");
        assertRefused(
                Entity.newBuilder(tasks.newKey("a"))
                        .set(
                                "text",
                                StringValue.newBuilder("x".repeat(1_048_488))
                                        .setExcludeFromIndexes(true)
                                        .build())
                        .build(),
                "1048487");
        assertNotEquals(null, datastore);
    }

    private void assertRefused(Entity entity, String said) {
        DatastoreException refused = assertThrows(DatastoreException.class, () -> datastore.put(entity));
        assertEquals("INVALID_ARGUMENT 3", reason(refused));
        assertTrue(refused.getMessage(), refused.getMessage().contains(said));
    }
}
