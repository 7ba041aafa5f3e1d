package com.espra.protoplex.datastore.model;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.engine.Store;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Filter;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.TransactionOptions;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Random transactions at once, and what each has seen: carried out one after the other, in the order of their versions, they must have seen
 * the same. That is serialisable, with phantoms, for they query, and with write skew, for they write what others have not read. Meanwhile the
 * store is closed and opened, as at a swap.
 */
public class HistoryTest {

    private static final int CLIENTS = 6;
    private static final int TRANSACTIONS = 60;
    private static final int NAMES = 6;
    private static final int GROUPS = 3;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ReentrantReadWriteLock swap = new ReentrantReadWriteLock();
    private final Queue<Seen> history = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger aborted = new AtomicInteger();
    private Store store;
    private volatile DatastoreService service;

    /**
     * A transaction.
     *
     * @param version of its commit, or at which it has read; 0 if nobody knows whether it is committed
     * @param lookups name to number, -1 if there was none
     * @param queries group to what was in it
     * @param writes name to what it is from then on: group and number; null if it is deleted
     */
    private record Seen(
            int number,
            boolean writer,
            long version,
            Map<String, Long> lookups,
            Map<Integer, Map<String, Long>> queries,
            Map<String, long[]> writes) {

        Seen at(long known) {
            return new Seen(number, writer, known, lookups, queries, writes);
        }
    }

    @After
    public void close() {
        store.close();
    }

    private void open(boolean pessimistic) throws Exception {
        Path where = folder.getRoot().toPath();
        store = new Store(where, 0, () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        service = new DatastoreService(
                store,
                () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
                System::nanoTime,
                false,
                pessimistic);
    }

    private static Key key(String kind, String name) {
        return Key.newBuilder()
                .addPath(Key.PathElement.newBuilder().setKind(kind).setName(name))
                .build();
    }

    private static Value whole(long number) {
        return Value.newBuilder().setIntegerValue(number).build();
    }

    private static long number(Entity entity) {
        return entity.getPropertiesOrThrow("n").getIntegerValue();
    }

    private static ReadOptions in(ByteString transaction) {
        return ReadOptions.newBuilder().setTransaction(transaction).build();
    }

    private static LookupResponse lookup(DatastoreService at, ReadOptions options, Key key) {
        return at.lookup(LookupRequest.newBuilder()
                .setProjectId("p")
                .setReadOptions(options)
                .addKeys(key)
                .build());
    }

    private static Map<String, Long> query(DatastoreService at, ReadOptions options, int group) {
        PropertyFilter.Builder filter =
                PropertyFilter.newBuilder().setOp(PropertyFilter.Operator.EQUAL).setValue(whole(group));
        filter.getPropertyBuilder().setName("group");
        Query.Builder query = Query.newBuilder().setFilter(Filter.newBuilder().setPropertyFilter(filter));
        query.addKindBuilder().setName("T");
        QueryResultBatch batch = at.runQuery(RunQueryRequest.newBuilder()
                        .setProjectId("p")
                        .setReadOptions(options)
                        .setQuery(query)
                        .build())
                .getBatch();
        Map<String, Long> found = new TreeMap<>();
        for (EntityResult each : batch.getEntityResultsList()) {
            found.put(each.getEntity().getKey().getPath(0).getName(), number(each.getEntity()));
        }
        return found;
    }

    private void transaction(Random random) {
        DatastoreService at = service;
        boolean writer = random.nextInt(4) > 0;
        TransactionOptions.Builder options = TransactionOptions.newBuilder();
        if (!writer) {
            options.getReadOnlyBuilder();
        }
        ByteString id = at.beginTransaction(BeginTransactionRequest.newBuilder()
                        .setProjectId("p")
                        .setTransactionOptions(options)
                        .build())
                .getTransaction();
        Map<String, Long> lookups = new HashMap<>();
        Map<Integer, Map<String, Long>> queries = new HashMap<>();
        long version = 0;
        for (int i = random.nextInt(3); i >= 0; i--) {
            if (random.nextBoolean()) {
                String name = "e" + random.nextInt(NAMES);
                LookupResponse found = lookup(at, in(id), key("T", name));
                version = Values.micros(found.getReadTime());
                lookups.put(
                        name,
                        found.getFoundCount() == 0
                                ? -1
                                : number(found.getFound(0).getEntity()));
            } else {
                int group = random.nextInt(GROUPS);
                queries.put(group, query(at, in(id), group));
            }
        }
        if (!writer) {
            // At least one lookup says at which version it has read.
            version = version > 0
                    ? version
                    : Values.micros(lookup(at, in(id), key("T", "none")).getReadTime());
            history.add(new Seen(0, false, version, lookups, queries, Map.of()));
            return;
        }
        commit(at, id, random, lookups, queries);
    }

    private void commit(
            DatastoreService at,
            ByteString id,
            Random random,
            Map<String, Long> lookups,
            Map<Integer, Map<String, Long>> queries) {
        int number = numbers.incrementAndGet();
        Map<String, long[]> writes = new HashMap<>();
        CommitRequest.Builder commit = CommitRequest.newBuilder()
                .setProjectId("p")
                .setMode(CommitRequest.Mode.TRANSACTIONAL)
                .setTransaction(id);
        // By it one finds out whether what nobody acknowledged is there.
        commit.addMutationsBuilder().getInsertBuilder().setKey(key("Done", "t" + number));
        String name = "e" + random.nextInt(NAMES);
        if (random.nextInt(4) == 0) {
            commit.addMutationsBuilder().setDelete(key("T", name));
            writes.put(name, null);
        } else {
            int group = random.nextInt(GROUPS);
            commit.addMutationsBuilder()
                    .getUpsertBuilder()
                    .setKey(key("T", name))
                    .putProperties("group", whole(group))
                    .putProperties("n", whole(number));
            writes.put(name, new long[] {group, number});
        }
        Seen seen = new Seen(number, true, 0, lookups, queries, writes);
        try {
            long version = at.commit(commit.build()).getMutationResults(0).getVersion();
            history.add(seen.at(version));
        } catch (RefusedException e) {
            if (e.code() != Code.ABORTED) {
                history.add(seen);
            }
            throw e;
        }
    }

    private boolean client(Random random) {
        for (int done = 0; done < TRANSACTIONS; ) {
            // Not while it is opened; while it is closed, yes.
            swap.readLock().lock();
            swap.readLock().unlock();
            try {
                transaction(random);
                done++;
            } catch (RefusedException e) {
                assertTrue(
                        e.code() + " " + e.getMessage(),
                        e.code() == Code.ABORTED
                                || e.code() == Code.UNAVAILABLE
                                // The store is another one since.
                                || e.code() == Code.INVALID_ARGUMENT);
                aborted.incrementAndGet();
            }
        }
        return true;
    }

    private void run(boolean pessimistic) throws Exception {
        open(pessimistic);
        Random seeds = new Random(pessimistic ? 302 : 17);
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(seeds.nextLong());
                running.add(clients.submit(() -> client(random)));
            }
            for (int swaps = 1; swaps <= 3; swaps++) {
                awaitHistory(swaps * CLIENTS * TRANSACTIONS / 4, running);
                swap.writeLock().lock();
                try {
                    store.close();
                    open(pessimistic);
                } finally {
                    swap.writeLock().unlock();
                }
            }
            for (Future<Boolean> each : running) {
                assertTrue(each.get(120, TimeUnit.SECONDS));
            }
        }
        check();
    }

    private void awaitHistory(int count, List<Future<Boolean>> running) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (history.size() < count && !running.stream().allMatch(Future::isDone)) {
            assertTrue("transactions go on", System.nanoTime() < deadline);
            Thread.onSpinWait();
        }
    }

    private void check() {
        List<Seen> order = new ArrayList<>();
        for (Seen each : history) {
            if (each.version > 0) {
                order.add(each);
                continue;
            }
            LookupResponse found = lookup(service, ReadOptions.getDefaultInstance(), key("Done", "t" + each.number));
            if (found.getFoundCount() > 0) {
                order.add(each.at(found.getFound(0).getVersion()));
            }
        }
        order.sort(Comparator.comparingLong(Seen::version).thenComparing(each -> !each.writer));
        Map<String, long[]> world = new TreeMap<>();
        for (Seen each : order) {
            each.lookups.forEach((name, number) ->
                    assertEquals("" + each, number.longValue(), world.containsKey(name) ? world.get(name)[1] : -1));
            each.queries.forEach((group, found) -> {
                Map<String, Long> there = new TreeMap<>();
                world.forEach((name, entity) -> {
                    if (entity[0] == group) {
                        there.put(name, entity[1]);
                    }
                });
                assertEquals("" + each, there, found);
            });
            each.writes.forEach((name, entity) -> {
                if (entity == null) {
                    world.remove(name);
                } else {
                    world.put(name, entity);
                }
            });
        }
        for (int i = 0; i < NAMES; i++) {
            LookupResponse found = lookup(service, ReadOptions.getDefaultInstance(), key("T", "e" + i));
            assertEquals(
                    "at the end",
                    world.containsKey("e" + i) ? world.get("e" + i)[1] : -1,
                    found.getFoundCount() == 0 ? -1 : number(found.getFound(0).getEntity()));
        }
        assertTrue("they were in each other's way", aborted.get() > 0);
        assertTrue("most are done", order.size() >= CLIENTS * TRANSACTIONS);
    }

    @Test
    public void optimisticTransactionsAreSerialisable() throws Exception {
        run(false);
    }

    @Test
    public void soArePessimisticOnes() throws Exception {
        run(true);
    }
}
