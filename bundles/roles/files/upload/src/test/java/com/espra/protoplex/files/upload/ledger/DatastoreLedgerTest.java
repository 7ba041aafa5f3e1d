package com.espra.protoplex.files.upload.ledger;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.google.cloud.Timestamp;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;
import java.time.Instant;
import java.util.List;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** Rows of tokens and files in the Datastore itself. */
public class DatastoreLedgerTest {

    @ClassRule
    public static final RealDatastore SERVER = new RealDatastore();

    private Datastore datastore;
    private DatastoreLedger ledger;

    @Before
    public void open() {
        datastore = SERVER.client();
        ledger = new DatastoreLedger(datastore);
    }

    private static UploadedFile file(String upload, String token, String key, String address) {
        return new UploadedFile(upload, token, "ann", "h", key, address, "image/png", 3);
    }

    private void token(String id, boolean single) throws Exception {
        ledger.create(new UploadToken(
                id, "ann", "h", "*", List.of("image/*"), 10, Instant.ofEpochSecond(2_000_000_000L), single, ""));
    }

    private String address(String key) {
        return datastore
                .get(key(DatastoreLedger.FILE, DatastoreLedger.fileName("h", key)))
                .getString("address");
    }

    private Key key(String kind, String name) {
        return datastore.newKeyFactory().setKind(kind).newKey(name);
    }

    /** An upload was recorded, and its node was killed before it knew; another file took the key since. */
    @Test
    public void aRepetitionUndoesNothing() throws Exception {
        token("many", false);
        ledger.record(file("a1", "many", "a", "v1.one"));
        ledger.record(file("a2", "many", "a", "v1.two"));
        ledger.record(file("a1", "many", "a", "v1.one"));
        assertEquals("v1.two", address("a"));
    }

    @Test
    public void aTokenForOneFileKnowsWhichOne() throws Exception {
        token("single", true);
        assertFalse(ledger.token("single").orElseThrow().isUsed());
        ledger.record(file("b1", "single", "b", "v1.one"));
        ledger.record(file("b1", "single", "b", "v1.one"));
        UploadToken used = ledger.token("single").orElseThrow();
        assertTrue(used.isUsed());
        assertEquals("b1", used.usedBy());
        assertThrows(TokenUsedException.class, () -> ledger.record(file("b2", "single", "b", "v1.two")));
        assertEquals("v1.one", address("b"));
        // As a program left it that wrote no row of each upload.
        datastore.delete(key("UploadDone", "b1"));
        ledger.record(file("b1", "single", "b", "v1.one"));
        assertTrue(ledger.revoke("single"));
        assertThrows(TokenUsedException.class, () -> ledger.record(file("b3", "single", "b", "v1.three")));
        assertTrue(ledger.token("single").isEmpty());
    }

    @Test
    public void oldRowsGo() throws Exception {
        token("old", false);
        ledger.record(file("c1", "old", "c", "v1.one"));
        datastore.put(Entity.newBuilder(key("UploadDone", "c0"))
                .set("recorded", Timestamp.ofTimeSecondsAndNanos(1_000_000, 0))
                .build());
        ledger.forget(Instant.now().minusSeconds(3600));
        assertEquals(null, datastore.get(key("UploadDone", "c0")));
        assertTrue(datastore.get(key("UploadDone", "c1")) != null);
        ledger.forget(Instant.now().minusSeconds(3600));
    }
}
