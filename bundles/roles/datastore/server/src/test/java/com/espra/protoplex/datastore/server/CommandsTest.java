package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.engine.ReadSet;
import com.espra.protoplex.datastore.model.Inspection;
import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.command.DataCommands;
import com.espra.protoplex.datastore.server.command.IndexCommands;
import com.espra.protoplex.datastore.server.command.StoreCommands;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.Key;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What operators type. */
public class CommandsTest {

    private static final String P = "protoplex";

    @Rule
    public final TestDatastore server = new TestDatastore();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private DataCommands data() {
        return new DataCommands(server.open());
    }

    private StoreCommands store() {
        return new StoreCommands(server.open());
    }

    private Object get(String key) {
        return data().get(P, "", key);
    }

    @Test
    public void indexesAreWantedMadeListedAndDeleted() throws Exception {
        IndexCommands indexes = new IndexCommands(server.open());
        assertEquals("there are no composite indexes", indexes.indexes(P, "", "list"));
        data().put(P, "", "Task:17", "{\"a\": 1, \"b\": 2}");
        data().query(P, "", "SELECT * FROM Task WHERE a = 1 ORDER BY b DESC");
        Path file = folder.newFile("index.yaml").toPath();
        Files.writeString(file, (String) indexes.indexes(P, "", "wanted"));
        assertTrue(((String) indexes.indexes(P, "", "apply", file.toString())).startsWith("1 are being built"));
        assertEquals("all of them are there already", indexes.indexes(P, "", "apply", file.toString()));
        var line = (IndexCommands.IndexLine) ((List<?>) indexes.indexes(P, "", "list")).getFirst();
        assertEquals("Task", line.kind());
        assertEquals("a, b desc", line.properties());
        indexes.indexes(P, "", "delete", Long.toString(line.id()));
        assertThrows(IllegalArgumentException.class, () -> indexes.indexes(P, "", "delete", "x"));
        assertThrows(IllegalArgumentException.class, () -> indexes.indexes(P, "", "apply", "index.yaml"));
        assertThrows(IllegalArgumentException.class, () -> indexes.indexes(P, "", "build"));
        assertThrows(IllegalArgumentException.class, () -> indexes.indexes(P, "", "build", "it"));
    }

    @Test
    public void entitiesAreWrittenReadAndFound() {
        String properties = "{\"a\":[1,\"x\",null],\"b\":{\"c\":1.5},\"done\":false}";
        assertTrue(data().put(P, "", "Task:17/Part:'18'", properties).startsWith("Task:17/Part:'18' is written"));
        assertEquals(new DataCommands.EntityLine("Task:17/Part:'18'", properties), get("Task:17/Part:'18'"));
        assertEquals("there is no Task:17", get("Task:17"));
        assertEquals(
                List.of(new DataCommands.EntityLine("Task:17/Part:'18'", properties)),
                data().query(P, "", "SELECT * FROM Part WHERE done = FALSE"));
        assertEquals("{\"n\":1}", data().query(P, "", "SELECT COUNT(*) AS n FROM Part"));
        assertEquals("nothing is found", data().query(P, "other", "SELECT * FROM Part"));
    }

    @Test
    public void anIntegerStaysWhatItIs() {
        String properties = "{\"id\":1234567890123456789,\"least\":-9223372036854775808}";
        data().put(P, "", "Task:1", properties);
        assertEquals(new DataCommands.EntityLine("Task:1", properties), get("Task:1"));
        assertThrows(IllegalArgumentException.class, () -> data().put(P, "", "Task:1", "{\"id\":9223372036854775808}"));
    }

    @Test
    public void clumsyWordsAreAnsweredByWhatToUse() {
        for (String key : List.of("", "Task", "Task:", ":1", "Task:1/", "/Task:1", "Task:1//Task:2", "Task:'1")) {
            assertThrows(key, IllegalArgumentException.class, () -> get(key));
        }
        assertThrows(IllegalArgumentException.class, () -> data().put(P, "", "Task:1", "[1]"));
        assertThrows(IllegalArgumentException.class, () -> data().put(P, "", "Task:1", "{"));
        assertThrows(RefusedException.class, () -> data().query(P, "", "SELECT everything FROM"));
        assertThrows(RefusedException.class, () -> data().get("No Project", "", "Task:1"));
        assertThrows(IllegalArgumentException.class, () -> store().backup("relative"));
    }

    @Test
    public void whatThereIsIsCountedAndChecked() {
        data().put(P, "", "Task:1", "{\"n\": 1}");
        data().put(P, "shop", "Task:2", "{\"n\": 1}");
        data().put(P, "shop", "Task:3", "{\"n\": 1}");
        StoreCommands.Stats stats = store().stats();
        assertTrue(stats.whole());
        assertEquals(
                List.of(1L, 2L),
                stats.kinds().stream().map(Inspection.Count::entities).toList());
        assertTrue(store().check(), store().check().startsWith("3 entities and 6 index rows"));
    }

    @Test
    public void anIndexThatIsNotAsItsEntitySaysIsFound() {
        data().put(P, "", "Task:1", "{\"n\": 1}");
        byte[] row = {'k', 'x'};
        server.open().store().commit(new ReadSet(0), writer -> {
            writer.add(row, new byte[0]);
            return true;
        });
        IllegalStateException damaged = assertThrows(IllegalStateException.class, () -> store().check());
        assertTrue(damaged.getMessage(), damaged.getMessage().contains("1 index rows lead to no entity"));
    }

    @Test
    public void aBackupComesBackAtTheNextStart() throws Exception {
        data().put(P, "", "Task:1", "{\"n\": 1}");
        Path copy = folder.getRoot().toPath().resolve("monday");
        store().backup(copy.toString());
        data().put(P, "", "Task:1", "{\"n\": 2}");
        store().restore(copy.toString());
        assertEquals(new DataCommands.EntityLine("Task:1", "{\"n\":2}"), get("Task:1"));
        server.reopen();
        assertEquals(new DataCommands.EntityLine("Task:1", "{\"n\":1}"), get("Task:1"));
        assertTrue(store().check().startsWith("1 entities"));
    }

    private int reset(String method, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri("/reset")).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    public void aResetLeavesNothingAndGivesNoIdTwice() throws Exception {
        Datastore datastore = server.client();
        Key before =
                datastore.allocateId(datastore.newKeyFactory().setKind("Task").newKey());
        data().put(P, "", "Task:1", "{\"n\": 1}");
        data().put(P, "shop", "Task:2", "{\"n\": 1}");
        assertEquals(400, reset("GET"));
        assertEquals("of a page in a browser", 401, reset("POST", "Origin", "https://example.com"));
        assertEquals("there is no Task:3", get("Task:3"));
        assertEquals(200, reset("POST"));
        assertEquals("there is no Task:1", get("Task:1"));
        assertTrue(store().check().startsWith("0 entities"));
        assertNotEquals(
                before,
                datastore.allocateId(datastore.newKeyFactory().setKind("Task").newKey()));
    }

    @Test
    public void aResetIsOnePassAndEndsWhileOthersWrite() throws Exception {
        for (int i = 1; i <= 1_100; i++) {
            data().put(P, "", "Task:" + i, "{\"n\": 1, \"m\": [1, 2, 3]}");
        }
        AtomicBoolean stopped = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 1; !stopped.get(); i++) {
                data().put(P, "", "Task:" + i, "{\"other\": " + i + "}");
            }
        });
        try {
            assertEquals(200, reset("POST"));
        } finally {
            stopped.set(true);
            writer.join();
        }
        assertTrue(
                "no index row is left of an entity that was written meanwhile",
                store().check().contains("should"));
        assertEquals(200, reset("POST"));
        assertTrue(store().check().startsWith("0 entities and 0 index rows"));
    }

    @Test
    public void requestsAreCountedByCallerAndEnd() {
        server.client().get(server.client().newKeyFactory().setKind("Task").newKey(1));
        // It is counted when it is answered already.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!server.meters.counted.containsKey("requests development OK") && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertEquals(Map.of("requests development OK", 1L), server.meters.counted);
    }
}
