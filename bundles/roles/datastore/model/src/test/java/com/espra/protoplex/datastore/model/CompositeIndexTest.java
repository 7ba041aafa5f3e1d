package com.espra.protoplex.datastore.model;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.engine.Store;
import com.espra.protoplex.datastore.model.CompositeIndex.State;
import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.Value;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** Composite indexes: asked for, built beside writes, used, and taken away; across openings of the store. */
public class CompositeIndexTest {

    private static final String PROJECT = "p";
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final String BY_B = """
            - kind: T
              properties:
              - name: a
              - name: b
                direction: desc
            """;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicLong clock = new AtomicLong(1_700_000_000_000_000L);
    private Store store;
    private DatastoreService service;
    private IndexBuilder builder;

    @Before
    public void open() throws Exception {
        store = new Store(folder.getRoot().toPath(), 0, clock::get);
        service = new DatastoreService(store, clock::get, System::nanoTime, true);
        builder = new IndexBuilder(store, service.indexes());
    }

    @After
    public void close() {
        builder.close();
        store.close();
    }

    private static Value number(long number) {
        return Value.newBuilder().setIntegerValue(number).build();
    }

    private static Key.Builder key(String name) {
        return Key.newBuilder()
                .addPath(Key.PathElement.newBuilder().setKind("T").setName(name));
    }

    private void put(Entity... entities) {
        CommitRequest.Builder request =
                CommitRequest.newBuilder().setProjectId(PROJECT).setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
        for (Entity entity : entities) {
            request.addMutations(Mutation.newBuilder().setUpsert(entity));
        }
        service.commit(request.build());
    }

    private void put(String name, long a, long b) {
        put(Entity.newBuilder()
                .setKey(key(name))
                .putProperties("a", number(a))
                .putProperties("b", number(b))
                .build());
    }

    private List<String> query(String gql) {
        return query(gql, ReadOptions.getDefaultInstance());
    }

    private List<String> query(String gql, ReadOptions options) {
        return service
                .runQuery(RunQueryRequest.newBuilder()
                        .setProjectId(PROJECT)
                        .setReadOptions(options)
                        .setGqlQuery(GqlQuery.newBuilder().setQueryString(gql).setAllowLiterals(true))
                        .build())
                .getBatch()
                .getEntityResultsList()
                .stream()
                .map(each -> each.getEntity().getKey())
                .map(each -> each.getPath(each.getPathCount() - 1).getName())
                .toList();
    }

    private List<CompositeIndex> create(String yaml) {
        return service.indexes().create(PROJECT, "", IndexYaml.read(yaml));
    }

    private void await(State state) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (service.indexes().list(PROJECT, "").stream().anyMatch(each -> each.state() != state)) {
            assertTrue("not " + state + ": " + service.indexes().list(PROJECT, ""), System.nanoTime() - end < 0);
            Thread.onSpinWait();
        }
    }

    private RefusedException refused(String gql) {
        RefusedException refused = assertThrows(RefusedException.class, () -> query(gql));
        assertEquals(Code.FAILED_PRECONDITION, refused.code());
        return refused;
    }

    private void sound() {
        assertEquals(List.of(), new Inspection(store, service.indexes()).check().faults());
    }

    @Test
    public void aQueryIsRefusedWithTheStanzaThatItNeeds() {
        put("x", 1, 1);
        String query = "SELECT * FROM T WHERE a = 1 ORDER BY b DESC";
        String message = refused(query).getMessage();
        assertTrue(message, message.contains("no matching index found. recommended index is:\n" + BY_B));
        assertEquals("indexes:\n" + BY_B, service.indexes().wanted(PROJECT, ""));
        create(service.indexes().wanted(PROJECT, ""));
        await(State.READY);
        assertEquals(List.of("x"), query(query));
        assertEquals(List.of(), create(BY_B));
    }

    @Test
    public void whatBuiltInIndexesHaveNeedsNone() {
        put("x", 1, 1);
        for (String query : List.of(
                "SELECT * FROM T",
                "SELECT * FROM T WHERE a = 1 AND b = 1",
                "SELECT * FROM T WHERE a > 0",
                "SELECT * FROM T ORDER BY b DESC",
                "SELECT * FROM T WHERE a IN ARRAY(1, 2)",
                "SELECT * FROM T WHERE a IN ARRAY(1, 2) ORDER BY a",
                "SELECT * FROM T WHERE a = 1 AND __key__ HAS ANCESTOR KEY(T, 'x')")) {
            assertEquals(query, List.of("x"), query(query));
        }
    }

    @Test
    public void itIsBuiltBesideWritesAndGoesOnAfterAnOpening() throws Exception {
        for (int i = 0; i < 700; i++) {
            put("n" + i, i % 3, i);
        }
        create(BY_B);
        // Wherever it is by now.
        for (int i = 0; i < 50; i++) {
            put("n" + i, 7, -i);
        }
        close();
        open();
        put("late", 7, 1);
        await(State.READY);
        sound();
        List<String> found = query("SELECT * FROM T WHERE a = 7 ORDER BY b DESC");
        assertEquals(51, found.size());
        assertEquals(List.of("late", "n0", "n1"), found.subList(0, 3));
        assertEquals("n49", found.getLast());
    }

    /** It leaves the version of its last commit in one place, and rows of no composite index. */
    @Test
    public void afterAnOlderProgramAllAreBuiltAnew() throws Exception {
        long id = create(BY_B).getFirst().id();
        await(State.READY);
        put("x", 1, 1);
        close();
        try (Options options = new Options();
                RocksDB rocks = RocksDB.open(
                        options, folder.getRoot().toPath().resolve("rocks").toString())) {
            byte[] last = rocks.get(new byte[] {'l'});
            last[7]++;
            rocks.put(new byte[] {'l'}, last);
        }
        open();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (service.indexes().list(PROJECT, "").size() > 1) {
            assertTrue(System.nanoTime() - end < 0);
            Thread.onSpinWait();
        }
        await(State.READY);
        assertNotEquals(id, service.indexes().list(PROJECT, "").getFirst().id());
        assertEquals(List.of("x"), query("SELECT * FROM T WHERE a = 1 ORDER BY b DESC"));
        sound();
        close();
        open();
        assertEquals(State.READY, service.indexes().list(PROJECT, "").getFirst().state());
    }

    @Test
    public void theOppositeOrderIsReadBackwards() {
        create(BY_B);
        await(State.READY);
        put("x", 1, 1);
        put("y", 1, 2);
        put("z", 1, 3);
        put("other", 2, 2);
        assertEquals(List.of("x", "y", "z"), query("SELECT * FROM T WHERE a = 1 ORDER BY b"));
        assertEquals(List.of("y", "z"), query("SELECT * FROM T WHERE a = 1 AND b > 1"));
        assertEquals(List.of("x", "y"), query("SELECT * FROM T WHERE a = 1 AND b <= 2 ORDER BY b"));
        assertEquals(List.of("z", "y"), query("SELECT * FROM T WHERE a = 1 AND b >= 2 ORDER BY b DESC"));
        assertEquals(List.of("x"), query("SELECT * FROM T WHERE a = 1 AND b < 2 ORDER BY b DESC"));
        assertEquals(List.of("z", "y", "other", "x"), query("SELECT * FROM T WHERE a IN ARRAY(1, 2) ORDER BY b DESC"));
    }

    @Test
    public void twoIndexesOfOneOrderAreJoined() {
        create(BY_B + "- kind: T\n  properties:\n  - name: c\n  - name: b\n    direction: desc\n");
        await(State.READY);
        for (int i = 0; i < 60; i++) {
            put(Entity.newBuilder()
                    .setKey(key("n" + i))
                    .putProperties("a", number(i % 2))
                    .putProperties("b", number(i))
                    .putProperties("c", number(i % 3))
                    .build());
        }
        assertEquals(
                List.of("n55", "n49", "n43"),
                query("SELECT * FROM T WHERE a = 1 AND c = 1 AND b < 60 ORDER BY b DESC LIMIT 3"));
    }

    @Test
    public void anAncestorHasRowsOfItsOwn() {
        String query = "SELECT * FROM T WHERE __key__ HAS ANCESTOR KEY(T, 'top') ORDER BY b DESC";
        String message = refused(query).getMessage();
        assertTrue(
                message,
                message.contains("- kind: T\n  ancestor: yes\n  properties:\n  - name: b\n    direction: desc"));
        create(service.indexes().wanted(PROJECT, ""));
        await(State.READY);
        for (String name : List.of("x", "y")) {
            put(Entity.newBuilder()
                    .setKey(key("top")
                            .addPath(Key.PathElement.newBuilder().setKind("T").setName(name)))
                    .putProperties("b", number(name.charAt(0)))
                    .build());
        }
        put("alone", 1, 1_000);
        put("top", 1, 0);
        assertEquals(List.of("y", "x", "top"), query(query));
        sound();
    }

    @Test
    public void whatIsDeletedIsNotUsedAndItsRowsGo() throws Exception {
        long id = create(BY_B).getFirst().id();
        await(State.READY);
        put("x", 1, 1);
        Timestamp then = Values.timestamp(store.version());
        clock.addAndGet(1_000_000);
        service.indexes().delete(PROJECT, "", id);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!service.indexes().list(PROJECT, "").isEmpty()) {
            assertTrue(System.nanoTime() - end < 0);
            Thread.onSpinWait();
        }
        String query = "SELECT * FROM T WHERE a = 1 ORDER BY b DESC";
        refused(query);
        // It was there then.
        assertEquals(
                List.of("x"),
                query(query, ReadOptions.newBuilder().setReadTime(then).build()));
        try (var rows = store.scan(new byte[] {'x'}, new byte[] {'y'}, store.version())) {
            assertNull(rows.next());
        }
        assertEquals(
                Code.NOT_FOUND,
                assertThrows(RefusedException.class, () -> service.indexes().delete(PROJECT, "", id))
                        .code());
    }

    @Test
    public void anEntityWithTooManyEntriesIsRefusedOrStopsTheBuild() {
        ArrayValue.Builder many = ArrayValue.newBuilder();
        for (int i = 0; i < 150; i++) {
            many.addValues(number(i));
        }
        Value values = Value.newBuilder().setArrayValue(many).build();
        Entity entity = Entity.newBuilder()
                .setKey(key("x"))
                .putProperties("a", values)
                .putProperties("b", values)
                .build();
        put(entity);
        create(BY_B);
        await(State.ERROR);
        assertTrue(refused("SELECT * FROM T WHERE a = 1 ORDER BY b DESC")
                .getMessage()
                .contains("could not be built"));
        put(entity);
        create("- kind: T\n  properties:\n  - name: b\n  - name: a\n");
        assertEquals(2, service.indexes().list(PROJECT, "").size());
    }

    @Test
    public void aFileThatIsNoneIsRefusedWithTheLine() {
        for (String text : List.of(
                "indexes:\n- kind: T\n  colour: red",
                "indexes:\n- kind: T\n  ancestor: perhaps",
                "indexes:\n- kind: T\n  direction: desc",
                "indexes:\n- kind: T\n- name: x\n  direction: up")) {
            String message = assertThrows(RefusedException.class, () -> IndexYaml.read(text))
                    .getMessage();
            assertTrue(message, message.startsWith("index.yaml, line ") || message.contains("no properties"));
        }
        assertThrows(RefusedException.class, () -> IndexYaml.read("- kind: T\n  properties:\n  - name: alone"));
        assertThrows(RefusedException.class, () -> IndexYaml.read("- kind: T"));
    }
}
