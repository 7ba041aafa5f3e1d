package com.espra.protoplex.files.s3files.cache;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FileCacheTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final MemoryStore store = new MemoryStore();
    private final AtomicLong nanos = new AtomicLong();
    private final Random random = new Random(5);
    private final AtomicInteger stalls = new AtomicInteger();
    private FileCache cache;
    private CacheFolder files;

    @Before
    public void open() throws IOException {
        open(PATIENCE, 64 << 20);
    }

    private void open(Duration patience, long most) throws IOException {
        files = new CacheFolder(root(), most);
        Freshness freshness = new Freshness(
                1000, Duration.ofSeconds(600), Duration.ofSeconds(5), Duration.ofSeconds(100), nanos::get);
        cache = new FileCache(store, files, freshness, most / 4, patience, stalls::incrementAndGet);
    }

    @After
    public void close() {
        cache.close();
    }

    private Path root() {
        return folder.getRoot().toPath();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] read(String key) throws IOException {
        try (FileContent content = cache.find(key).orElseThrow()) {
            return content.open(0, content.info().properties().length()).readAllBytes();
        }
    }

    private void awaitNoFetch() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (cache.fetching() > 0) {
            assertTrue("a fetch does not end", System.nanoTime() < end);
            Thread.onSpinWait();
        }
    }

    @Test
    public void theStoreIsAskedOnce() throws Exception {
        byte[] body = bytes(300_000);
        store.set("a", "", body);
        assertArrayEquals(body, read("a"));
        awaitNoFetch();
        assertArrayEquals(body, read("a"));
        assertEquals(1, store.opens.get());
        assertEquals("it was compared when it came", 0, store.heads.get());
    }

    /** However many ask for one key at once, the store hears of one. */
    @Test
    public void aThousandAsksAreOne() throws Exception {
        byte[] body = bytes(200_000);
        store.set("a", "", body);
        store.reads = new Semaphore(0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> all = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                all.add(threads.submit(() -> read("a")));
            }
            store.reads.release(1_000_000);
            for (Future<byte[]> each : all) {
                assertArrayEquals(body, each.get());
            }
        }
        assertEquals(1, store.opens.get());
    }

    /** A reader has the first bytes while the last ones are not there yet. */
    @Test
    public void bytesAreReadWhileTheyCome() throws Exception {
        byte[] body = bytes(300_000);
        store.set("a", "", body);
        store.reads = new Semaphore(1);
        try (FileContent content = cache.find("a").orElseThrow()) {
            byte[] first = content.open(0, body.length).readNBytes(1000);
            assertEquals(1000, first.length);
            store.reads.release(100);
        }
        assertArrayEquals(body, read("a"));
    }

    /** The fetch breaks in the middle: who reads it goes on from the store, at his place. */
    @Test
    public void aFetchThatBreaksHarmsNobody() throws Exception {
        byte[] body = bytes(300_000);
        store.set("a", "", body);
        store.breakAfter = 100_000;
        store.breaks.set(1);
        assertArrayEquals(body, read("a"));
        awaitNoFetch();
        assertArrayEquals(body, read("a"));
    }

    @Test
    public void whoWaitedForAnotherAttemptHasOneOfHisOwn() throws Exception {
        byte[] body = bytes(10);
        store.set("a", "", body);
        store.breakAfter = 0;
        store.breaks.set(1);
        store.away = true;
        assertThrows(BlobUnavailableException.class, () -> cache.find("a"));
        assertEquals(2, store.opens.get());
        store.away = false;
        store.breaks.set(0);
        assertArrayEquals(body, read("a"));
    }

    @Test
    public void aStoreThatHangsIsToldAndForgotten() throws Exception {
        cache.close();
        open(Duration.ofMillis(50), 64 << 20);
        store.set("a", "", bytes(10));
        store.answers = new Semaphore(0);
        assertThrows(StalledException.class, () -> cache.find("a"));
        assertThrows(StalledException.class, () -> cache.find("a"));
        assertEquals("one fetch, also after it stalled", 1, store.opens.get());
        assertEquals("told once", 1, stalls.get());
        store.answers.release(100);
        assertEquals(10, read("a").length);
    }

    /** A store that never answers in time is left alone as one that is away is. */
    @Test
    public void stallsOpenTheBreaker() throws Exception {
        CircuitBreaker breaker = new CircuitBreaker(store, Duration.ofSeconds(5), nanos::get);
        for (int i = 0; i < 5; i++) {
            assertFalse(breaker.isOpen());
            breaker.stalled();
        }
        assertTrue(breaker.isOpen());
        assertThrows(BlobUnavailableException.class, () -> breaker.head("a"));
        assertEquals(0, store.heads.get());
    }

    /** Live goes away: what is missing is looked for again after seconds. */
    @Test
    public void withoutLiveWhatIsMissingIsRememberedShortly() throws Exception {
        cache.everythingMayHaveChanged();
        cache.find("a");
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        cache.find("a");
        assertEquals(1, store.opens.get());
        cache.hearsNothing();
        cache.find("a");
        assertEquals(2, store.opens.get());
    }

    @Test
    public void whatIsMissingIsRememberedUntilItIsTold() throws Exception {
        assertEquals(Optional.empty(), cache.find("a"));
        assertEquals(Optional.empty(), cache.find("a"));
        assertEquals(1, store.opens.get());
        store.set("a", "", bytes(1));
        cache.changed("a");
        assertTrue(cache.find("a").isPresent());
    }

    /** Without Live for a short time only; with it longer. */
    @Test
    public void whatIsMissingIsRememberedForItsTime() throws Exception {
        cache.find("a");
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        cache.find("a");
        assertEquals(2, store.opens.get());
        cache.everythingMayHaveChanged();
        cache.find("a");
        assertEquals(3, store.opens.get());
        nanos.addAndGet(Duration.ofSeconds(500).toNanos());
        cache.find("a");
        assertEquals(3, store.opens.get());
    }

    /** The look began before the change: what it saw is not remembered. */
    @Test
    public void aLookThatBeganBeforeAChangeIsNotRemembered() throws Exception {
        store.answers = new Semaphore(0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<FileContent>> look = threads.submit(() -> cache.find("a"));
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (store.opens.get() == 0) {
                assertTrue(System.nanoTime() < end);
                Thread.onSpinWait();
            }
            cache.changed("a");
            store.answers.release(1);
            assertEquals(Optional.empty(), look.get());
        }
        store.answers.release(100);
        store.set("a", "", bytes(1));
        assertTrue(cache.find("a").isPresent());
    }

    @Test
    public void whatWasReplacedIsFoundByComparing() throws Exception {
        store.set("a", "", bytes(10));
        read("a");
        awaitNoFetch();
        byte[] other = bytes(20);
        store.set("a", "", other);
        assertEquals("not compared yet", 10, read("a").length);
        nanos.addAndGet(Duration.ofSeconds(101).toNanos());
        long patience = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!Arrays.equals(other, read("a"))) {
            assertTrue("it is still as it was", System.nanoTime() < patience);
        }
        awaitNoFetch();
        store.delete("a");
        cache.everythingMayHaveChanged();
        // Who does not hear from the store within its time has what is here: on a busy machine too.
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (cache.find("a").isPresent()) {
            assertTrue("it is still there", System.nanoTime() < end);
        }
    }

    /** A part of it is compared with nothing: so it is not gone on with, and nobody else begins to read it for a while. */
    @Test
    public void whatIsDamagedInTheStoreIsNotServedToItsEnd() throws Exception {
        byte[] body = bytes(300_000);
        store.set("a", "", body);
        store.damaged = true;
        assertThrows(BlobDamagedException.class, () -> read("a"));
        awaitNoFetch();
        int before = store.opens.get();
        assertThrows(BlobDamagedException.class, () -> cache.find("a"));
        assertEquals("the store is left alone", before, store.opens.get());
        store.damaged = false;
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        assertArrayEquals("it heals", body, read("a"));
        awaitNoFetch();
        store.damaged = true;
        cache.changed("a");
        assertThrows(BlobDamagedException.class, () -> read("a"));
        awaitNoFetch();
        store.damaged = false;
        cache.changed("a");
        assertArrayEquals("who puts it again is served at once", body, read("a"));
    }

    /** A folder in its place, with something in it, can neither be read nor removed nor replaced. */
    @Test
    public void aFileOfTheCacheThatCannotBeRemovedHarmsNobody() throws Exception {
        byte[] body = bytes(1000);
        store.set("a", "", body);
        assertArrayEquals(body, read("a"));
        awaitNoFetch();
        Path file = files().getFirst();
        Files.delete(file);
        Files.createFile(Files.createDirectory(file).resolve("x"));
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(body, read("a"));
            awaitNoFetch();
        }
        cache.changed("a");
        assertArrayEquals(body, read("a"));
    }

    /** Only what is an address says itself that it never changes. */
    @Test
    public void whatOnlyBeginsLikeAnAddressIsCompared() throws Exception {
        store.set("v1.0/app.js", "", bytes(10));
        read("v1.0/app.js");
        awaitNoFetch();
        byte[] other = bytes(20);
        store.set("v1.0/app.js", "", other);
        nanos.addAndGet(Duration.ofSeconds(101).toNanos());
        assertArrayEquals(other, read("v1.0/app.js"));
    }

    /** It hangs: whoever asks has what is here soon, and the store hears of one look. */
    @Test
    public void aSlowStoreDoesNotMakeSlowWhatIsCached() throws Exception {
        byte[] body = bytes(1000);
        store.set("a", "", body);
        read("a");
        awaitNoFetch();
        nanos.addAndGet(Duration.ofSeconds(101).toNanos());
        store.answers = new Semaphore(0);
        for (int i = 0; i < 50; i++) {
            assertArrayEquals(body, read("a"));
        }
        assertEquals(1, store.heads.get());
        byte[] other = bytes(20);
        store.set("a", "", other);
        store.answers.release(100);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (read("a").length != 20) {
            assertTrue("what the look found is not taken", System.nanoTime() < end);
        }
    }

    /** It began before the change, and ends after the one that began behind it. */
    @Test
    public void anOldFetchTakesNoPlaceOfANewOne() throws Exception {
        store.set("a", "", bytes(1000));
        Semaphore held = new Semaphore(0);
        store.reads = held;
        cache.find("a").orElseThrow().close();
        store.reads = new Semaphore(Integer.MAX_VALUE);
        byte[] other = bytes(2000);
        store.set("a", "", other);
        cache.changed("a");
        assertArrayEquals(other, read("a"));
        awaitNoFetch();
        held.release(1000);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (hasParts()) {
            assertTrue("the old fetch does not end", System.nanoTime() < end);
            Thread.onSpinWait();
        }
        assertArrayEquals(other, read("a"));
        assertEquals(2, store.opens.get());
    }

    private boolean hasParts() throws IOException {
        try (Stream<Path> parts = Files.list(root().resolve("parts"))) {
            return parts.findAny().isPresent();
        }
    }

    /** However many come at once: what there is no room for is served and not kept. */
    @Test
    public void whatIsOnItsWayIsBoundedToo() throws Exception {
        cache.close();
        open(PATIENCE, 2 << 20);
        byte[] body = bytes(400_000);
        store.reads = new Semaphore(0);
        for (int i = 0; i < 10; i++) {
            store.set("a" + i, "", body);
            cache.find("a" + i).orElseThrow().close();
            assertTrue("counted: " + files.bytes(), files.bytes() <= 1 << 20);
        }
        try (Stream<Path> parts = Files.list(root().resolve("parts"))) {
            assertEquals("two of them have room", 2, parts.count());
        }
        store.reads.release(1_000_000);
        awaitNoFetch();
        for (int i = 0; i < 10; i++) {
            assertArrayEquals(body, read("a" + i));
            awaitNoFetch();
        }
        assertTrue("given back", files.bytes() > 1 << 20);
        assertTrue("bounded", files.bytes() <= 2 << 20);
    }

    @Test
    public void whatIsCachedGoesOnWhileTheStoreIsAway() throws Exception {
        byte[] body = bytes(10);
        store.set("a", "", body);
        read("a");
        awaitNoFetch();
        store.away = true;
        nanos.addAndGet(Duration.ofSeconds(101).toNanos());
        assertArrayEquals(body, read("a"));
        cache.close();
        open();
        assertArrayEquals("after a restart, too", body, read("a"));
    }

    @Test
    public void aDamagedFileIsFetchedAgainInTheMiddle() throws Exception {
        byte[] body = bytes(300_000);
        store.set("a", "", body);
        read("a");
        awaitNoFetch();
        Path file = files().getFirst();
        byte[] damaged = Files.readAllBytes(file);
        damaged[200_000] ^= 1;
        Files.write(file, damaged);
        assertArrayEquals(body, read("a"));
        assertEquals(2, store.opens.get());
        assertArrayEquals(body, read("a"));
        awaitNoFetch();
        Files.write(file, new byte[7]);
        assertArrayEquals(body, read("a"));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(root().resolve("files"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** A scan over ten times what there is room for leaves what is used. */
    @Test
    public void aScanDrivesOutNothingThatIsUsed() throws Exception {
        cache.close();
        open(PATIENCE, 2 << 20);
        for (int i = 0; i < 10; i++) {
            store.set("hot" + i, "", bytes(50_000));
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 10; i++) {
                read("hot" + i);
                awaitNoFetch();
            }
        }
        for (int i = 0; i < 400; i++) {
            store.set("scan" + i, "", bytes(50_000));
            read("scan" + i);
            awaitNoFetch();
            assertTrue("bounded", files.bytes() <= 2 << 20);
        }
        long onDisk = 0;
        for (Path file : files()) {
            onDisk += Files.size(file);
        }
        assertTrue("bounded on the disk: " + onDisk, onDisk <= 2 << 20);
        int before = store.opens.get();
        for (int i = 0; i < 10; i++) {
            read("hot" + i);
        }
        assertEquals(before, store.opens.get());
    }

    @Test
    public void whatIsTooLargeIsServedAndNotKept() throws Exception {
        cache.close();
        open(PATIENCE, 1 << 20);
        byte[] body = bytes(600_000);
        store.set("a", "", body);
        assertArrayEquals(body, read("a"));
        assertEquals(List.of(), files());
    }

    /** The folder of the cache cannot be written to: files are served from the store. */
    @Test
    public void withoutADiskFilesAreServed() throws Exception {
        byte[] body = bytes(300_000);
        store.set("a", "", body);
        Files.delete(root().resolve("parts"));
        assertArrayEquals(body, read("a"));
        assertFalse(cache.find("a").orElseThrow().isCached());
    }

    @Test
    public void theBreakerAnswersAtOnceAndHeals() throws Exception {
        CircuitBreaker breaker = new CircuitBreaker(store, Duration.ofSeconds(5), nanos::get);
        store.set("a", "", bytes(1));
        store.away = true;
        for (int i = 0; i < 20; i++) {
            assertThrows(BlobUnavailableException.class, () -> breaker.head("a"));
        }
        assertEquals(5, store.heads.get());
        assertTrue(breaker.isOpen());
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThrows(BlobException.class, () -> breaker.head("a"));
        assertThrows(BlobException.class, () -> breaker.head("a"));
        assertEquals("one tries it", 6, store.heads.get());
        store.away = false;
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        breaker.head("a");
        breaker.head("a");
        assertFalse(breaker.isOpen());
    }
}
