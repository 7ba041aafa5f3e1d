package com.espra.protoplex.datastore.model;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.engine.Store;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RollbackRequest;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Who would change what a transaction has read waits for its end. */
public class PessimisticTest {

    private static final long LONGEST_SECONDS = 30;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicLong nanos = new AtomicLong(1);
    private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();
    private Store store;
    private DatastoreService service;

    @Before
    public void open() throws Exception {
        store = new Store(folder.getRoot().toPath(), 0, () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        service = new DatastoreService(store, System::currentTimeMillis, nanos::get, false, true);
        write("x", 0);
    }

    @After
    public void close() {
        store.close();
        others.close();
    }

    private static Key key(String name) {
        return Key.newBuilder()
                .addPath(Key.PathElement.newBuilder().setKind("T").setName(name))
                .build();
    }

    private static CommitRequest.Builder set(String name, long number) {
        CommitRequest.Builder commit =
                CommitRequest.newBuilder().setProjectId("p").setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
        commit.addMutationsBuilder()
                .getUpsertBuilder()
                .setKey(key(name))
                .putProperties("n", Value.newBuilder().setIntegerValue(number).build());
        return commit;
    }

    private long write(String name, long number) {
        return version(service.commit(set(name, number).build()));
    }

    private static long version(CommitResponse committed) {
        return committed.getMutationResults(0).getVersion();
    }

    private ByteString begin() {
        return service.beginTransaction(
                        BeginTransactionRequest.newBuilder().setProjectId("p").build())
                .getTransaction();
    }

    private long read(ByteString transaction, String name) {
        LookupResponse found = service.lookup(LookupRequest.newBuilder()
                .setProjectId("p")
                .setReadOptions(ReadOptions.newBuilder().setTransaction(transaction))
                .addKeys(key(name))
                .build());
        return found.getFoundCount() == 0
                ? -1
                : found.getFound(0).getEntity().getPropertiesOrThrow("n").getIntegerValue();
    }

    private long commit(ByteString transaction, String name, long number) {
        return version(service.commit(set(name, number)
                .setMode(CommitRequest.Mode.TRANSACTIONAL)
                .setTransaction(transaction)
                .build()));
    }

    private void awaitBehind(int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (store.behind() != count) {
            assertTrue(store.behind() + " wait, and not " + count, System.nanoTime() < deadline);
            Thread.onSpinWait();
        }
    }

    private static long get(Future<Long> future) throws Exception {
        return future.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    public void aWriteWaitsForWhoHasReadWhatItChanges() throws Exception {
        ByteString transaction = begin();
        assertEquals(0, read(transaction, "x"));
        Future<Long> write = others.submit(() -> write("x", 7));
        awaitBehind(1);
        write("y", 1);
        long first = commit(transaction, "x", 1);
        assertTrue("it comes after it", get(write) > first);
        awaitBehind(0);
    }

    @Test
    public void soDoesAPhantom() throws Exception {
        ByteString transaction = begin();
        Query.Builder query = Query.newBuilder();
        query.addKindBuilder().setName("T");
        assertEquals(
                1,
                service.runQuery(RunQueryRequest.newBuilder()
                                .setProjectId("p")
                                .setReadOptions(ReadOptions.newBuilder().setTransaction(transaction))
                                .setQuery(query)
                                .build())
                        .getBatch()
                        .getEntityResultsCount());
        Future<Long> phantom = others.submit(() -> write("new", 7));
        awaitBehind(1);
        assertTrue("it has seen all", commit(transaction, "count", 1) < get(phantom));
    }

    @Test
    public void ofTwoThatWaitForEachOtherTheYoungerIsRefused() throws Exception {
        ByteString older = begin();
        ByteString younger = begin();
        read(older, "x");
        read(younger, "x");
        Future<Long> one = others.submit(() -> commit(younger, "x", 2));
        awaitBehind(1);
        commit(older, "x", 1);
        ExecutionException refused = assertThrows(ExecutionException.class, () -> get(one));
        assertEquals(Code.ABORTED, ((RefusedException) refused.getCause()).code());
        assertEquals(1, read(begin(), "x"));
    }

    @Test
    public void aRollbackAndAnEndByTimeLetThemGoOn() throws Exception {
        ByteString transaction = begin();
        read(transaction, "x");
        Future<Long> write = others.submit(() -> write("x", 7));
        awaitBehind(1);
        service.rollback(RollbackRequest.newBuilder()
                .setProjectId("p")
                .setTransaction(transaction)
                .build());
        get(write);
        read(begin(), "x");
        Future<Long> next = others.submit(() -> write("x", 8));
        awaitBehind(1);
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        get(next);
    }

    @Test
    public void whatIsWrittenBeforeTheFirstReadIsNoConflict() throws Exception {
        ByteString transaction = begin();
        write("x", 5);
        assertEquals(5, read(transaction, "x"));
        commit(transaction, "x", 6);
    }

    @Test
    public void manyThatAddOneAddUp() throws Exception {
        List<Future<Long>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(others.submit(() -> {
                for (int done = 0; done < 10; ) {
                    ByteString transaction = begin();
                    try {
                        commit(transaction, "x", read(transaction, "x") + 1);
                        done++;
                    } catch (RefusedException e) {
                        assertEquals(Code.ABORTED, e.code());
                    }
                }
                return 0L;
            }));
        }
        for (Future<Long> each : all) {
            get(each);
        }
        assertEquals(80, read(begin(), "x"));
    }

    @Test
    public void aStoreThatClosesRefusesThoseThatWait() throws Exception {
        read(begin(), "x");
        Future<Long> write = others.submit(() -> write("x", 7));
        awaitBehind(1);
        store.close();
        ExecutionException refused = assertThrows(ExecutionException.class, () -> get(write));
        assertEquals(Code.UNAVAILABLE, ((RefusedException) refused.getCause()).code());
    }
}
