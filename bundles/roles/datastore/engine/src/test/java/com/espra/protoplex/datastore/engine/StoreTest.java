package com.espra.protoplex.datastore.engine;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

/** The store against a map for each version, with everything that may happen between. */
public class StoreTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicLong clock = new AtomicLong(1_000_000);
    private Store store;

    @Before
    public void open() throws Exception {
        store = new Store(folder.getRoot().toPath(), 0, clock::get);
    }

    @After
    public void close() {
        store.close();
    }

    private static byte[] key(String text) {
        return (text + '\0').getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] value(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private long put(String key, String value) {
        return store.commit(new ReadSet(0), writer -> {
            writer.put(key(key), value(value));
            return writer.version();
        });
    }

    private Map<String, String> all(long version) {
        Map<String, String> found = new TreeMap<>();
        try (Scan scan = store.scan(new byte[0], new byte[0], version)) {
            for (Scan.Row row = scan.next(); row != null; row = scan.next()) {
                assertNull("each key once", found.put(text(row.key()).replace("\0", ""), text(row.value())));
            }
        }
        Map<String, String> backward = new TreeMap<>();
        String before = null;
        try (Scan scan = store.scanBackward(new byte[0], new byte[0], version)) {
            for (Scan.Row row = scan.next(); row != null; row = scan.next()) {
                String key = text(row.key()).replace("\0", "");
                assertTrue("against the order", before == null || before.compareTo(key) > 0);
                before = key;
                backward.put(key, text(row.value()));
            }
        }
        assertEquals(found, backward);
        return found;
    }

    @Test
    public void everyVersionReadsAsItWas() throws Exception {
        Random random = new Random(17);
        List<Map<String, String>> states = new ArrayList<>();
        List<Long> versions = new ArrayList<>();
        Map<String, String> state = new TreeMap<>();
        for (int i = 0; i < 600; i++) {
            Map<String, String> next = new TreeMap<>(state);
            long version = store.commit(new ReadSet(0), writer -> {
                for (int j = random.nextInt(4); j >= 0; j--) {
                    String name = "k" + random.nextInt(20);
                    if (random.nextInt(3) == 0) {
                        writer.delete(key(name));
                        next.remove(name);
                    } else {
                        String content = "v" + random.nextInt();
                        writer.put(key(name), value(content));
                        next.put(name, content);
                    }
                }
                return writer.version();
            });
            state = next;
            states.add(next);
            versions.add(version);
            clock.addAndGet(random.nextInt(3) - 1);
            if (i % 97 == 0) {
                close();
                open();
            }
        }
        for (int i = 0; i < states.size(); i++) {
            assertEquals("version " + i, states.get(i), all(versions.get(i)));
            assertTrue("they grow", i == 0 || versions.get(i) > versions.get(i - 1));
        }
        assertEquals(state, all(store.version()));

        store.sweep(versions.get(400));
        for (int i = 400; i < states.size(); i++) {
            assertEquals("version " + i + " after what is older was removed", states.get(i), all(versions.get(i)));
        }
        close();
        open();
        assertEquals(state, all(store.version()));
    }

    @Test
    public void nothingOldIsLeftAfterASweep() {
        for (int i = 0; i < 100; i++) {
            put("a", "v" + i);
        }
        long last = store.commit(new ReadSet(0), writer -> {
            writer.delete(key("a"));
            return writer.version();
        });
        store.sweep(last + 1);
        assertEquals("no row of it", Map.of(), all(last - 1));
    }

    @Test
    public void whatWasReadAndChangedMeanwhileIsAConflict() {
        long before = put("b", "1");
        ReadSet single = new ReadSet(before);
        single.key(key("b"));
        ReadSet missing = new ReadSet(before);
        missing.key(key("c"));
        ReadSet range = new ReadSet(before);
        range.range(key("d"), key("f"));
        range.range(key("a"), key("b"));
        for (ReadSet reads : List.of(single, missing, range)) {
            assertTrue(store.commit(reads, writer -> true));
        }
        put("b", "2");
        put("c", "2");
        put("e", "a phantom");
        for (ReadSet reads : List.of(single, missing, range)) {
            StoreException conflict =
                    assertThrows(StoreException.class, () -> store.commit(reads, writer -> writer.version()));
            assertEquals(StoreException.Reason.CONFLICT, conflict.reason());
        }
        ReadSet other = new ReadSet(before);
        other.range(key("f"), key("z"));
        other.key(key("a"));
        assertTrue(store.commit(other, writer -> true));
    }

    @Test
    public void whoIncrementsAfterReadingLosesNothing() throws Exception {
        put("n", "0");
        int threads = 8;
        int each = 50;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Integer>> done = new ArrayList<>();
            Callable<Integer> increments = () -> {
                int conflicts = 0;
                for (int i = 0; i < each; ) {
                    ReadSet reads = new ReadSet(store.version());
                    reads.key(key("n"));
                    int n = Integer.parseInt(text(store.get(key("n"), reads.version())));
                    try {
                        store.commit(reads, writer -> {
                            writer.put(key("n"), value(Integer.toString(n + 1)));
                            return n;
                        });
                        i++;
                    } catch (StoreException conflict) {
                        assertEquals(StoreException.Reason.CONFLICT, conflict.reason());
                        conflicts++;
                    }
                }
                return conflicts;
            };
            for (int i = 0; i < threads; i++) {
                done.add(pool.submit(increments));
            }
            for (Future<Integer> future : done) {
                future.get();
            }
        }
        assertEquals(Integer.toString(threads * each), text(store.get(key("n"), store.version())));
    }

    @Test
    public void aCommitThatThrowsWritesNothing() {
        put("x", "1");
        assertThrows(
                IllegalStateException.class,
                () -> store.commit(new ReadSet(0), writer -> {
                    writer.put(key("x"), value("2"));
                    throw new IllegalStateException("no");
                }));
        assertArrayEquals(value("1"), store.get(key("x"), store.version()));
    }

    @Test
    public void aSettledVersionStaysAsItIs() {
        put("x", "1");
        long later = store.version() + 1_000;
        store.settle(later);
        assertTrue(put("x", "2") > later);
        assertEquals("1", text(store.get(key("x"), later)));
    }

    @Test
    public void whatIsOldGoesThoughTheClockWasAhead() {
        clock.set(Duration.ofDays(400).toNanos() / 1_000);
        put("x", "ahead");
        clock.set(Duration.ofDays(30).toNanos() / 1_000);
        for (int minute = 0; minute < 3; minute++) {
            put("x", "of minute " + minute);
            clock.addAndGet(60_000_000);
        }
        long then = store.version();
        store.sweepOld();
        assertEquals("of minute 1", text(store.get(key("x"), then - 1)));
        clock.addAndGet(Store.KEPT.toNanos() / 1_000);
        put("x", "now");
        store.sweepOld();
        assertNull("nobody may ask for it any more", store.get(key("x"), then - 1));
        assertEquals("now", text(store.get(key("x"), store.version())));
    }

    @Test
    public void withoutRoomItIsReadOnly() throws Exception {
        put("x", "1");
        store.close();
        store = new Store(folder.getRoot().toPath(), Long.MAX_VALUE, clock::get);
        StoreException full = assertThrows(StoreException.class, () -> put("x", "2"));
        assertEquals(StoreException.Reason.READ_ONLY, full.reason());
        assertEquals("1", text(store.get(key("x"), store.version())));
    }

    @Test
    public void aDamagedFileIsFoundAndNamed() throws Exception {
        Random random = new Random(17);
        for (int i = 0; i < 500; i++) {
            byte[] noise = new byte[500];
            random.nextBytes(noise);
            byte[] name = key("k" + i);
            store.commit(new ReadSet(0), writer -> {
                writer.put(name, noise);
                return writer.version();
            });
        }
        store.close();
        open();
        store.close();
        Path table;
        try (Stream<Path> files = Files.list(folder.getRoot().toPath().resolve("rocks"))) {
            table = files.filter(file -> file.toString().endsWith(".sst"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] content = Files.readAllBytes(table);
        for (int i = content.length / 2; i < content.length / 2 + 100; i++) {
            content[i] ^= 0x55;
        }
        Files.write(table, content);
        open();
        StoreException damaged = assertThrows(StoreException.class, store::verify);
        assertEquals(StoreException.Reason.DAMAGED, damaged.reason());
        assertTrue(damaged.getMessage(), damaged.getMessage().contains(".sst"));
    }

    @Test
    public void afterItIsClosedItSaysSo() {
        store.close();
        StoreException closed = assertThrows(StoreException.class, () -> put("x", "1"));
        assertEquals(StoreException.Reason.BUSY, closed.reason());
        assertFalse(
                assertThrows(StoreException.class, () -> all(1)).getMessage().isEmpty());
    }

    @Test
    public void whoeverReadsForLongEndsWhenTheStoreIsClosed() throws Exception {
        for (int i = 0; i < 100; i++) {
            put("k" + i, "v");
        }
        for (boolean backward : new boolean[] {false, true}) {
            Scan scan = backward
                    ? store.scanBackward(new byte[0], new byte[0], store.version())
                    : store.scan(new byte[0], new byte[0], store.version());
            scan.next();
            Thread closing = Thread.ofPlatform().start(store::close);
            StoreException busy = assertThrows(StoreException.class, () -> {
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(9);
                while (System.nanoTime() < end) {
                    store.get(key("k1"), store.version());
                }
            });
            assertEquals(StoreException.Reason.BUSY, busy.reason());
            assertEquals(
                    StoreException.Reason.BUSY,
                    assertThrows(StoreException.class, scan::next).reason());
            scan.close();
            closing.join();
            open();
        }
    }

    @Test
    public void aStoreThatCouldNotBeClosedIsClosedWhenNobodyReadsIt() throws Exception {
        put("a", "b");
        Scan scan = store.scan(new byte[0], new byte[0], store.version());
        // A swap that does not wait any more.
        Thread.currentThread().interrupt();
        IllegalStateException busy = assertThrows(IllegalStateException.class, store::close);
        assertTrue(Thread.interrupted());
        assertTrue(busy.getMessage(), busy.getMessage().contains("is closed when nobody reads it"));
        scan.close();
        open();
        assertEquals("b", text(store.get(key("a"), store.version())));
    }

    @Test
    public void aCommitThatIsAcknowledgedWasForcedToTheDisk() throws Exception {
        store.close();
        try (Statistics statistics = new Statistics();
                Database database = new Database(folder.getRoot().toPath().resolve("rocks"), statistics)) {
            Committer committer = new Committer(database, clock::get, () -> {});
            committer.start();
            long before = statistics.getTickerCount(TickerType.WAL_FILE_SYNCED);
            for (int i = 0; i < 10; i++) {
                committer.commit(new ReadSet(0), writer -> {
                    writer.put(key("a"), value("b"));
                    return true;
                });
            }
            committer.stop();
            assertTrue(statistics.getTickerCount(TickerType.WAL_FILE_SYNCED) - before >= 10);
        }
        open();
    }
}
