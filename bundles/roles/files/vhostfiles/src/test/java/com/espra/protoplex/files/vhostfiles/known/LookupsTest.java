package com.espra.protoplex.files.vhostfiles.known;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Test;

/** What is remembered, and until when. */
public class LookupsTest {

    private final Map<String, String> rows = new ConcurrentHashMap<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private volatile boolean away;
    private volatile CountDownLatch began = new CountDownLatch(0);
    private volatile CountDownLatch answers = new CountDownLatch(0);
    private final Lookups<String> lookups = lookups(1 << 20);

    private Lookups<String> lookups(long mostBytes) {
        Lookups.Shelf shelf = new Lookups.Shelf(Duration.ofHours(1), Duration.ofMinutes(10));
        return new Lookups<>(this::look, mostBytes, value -> 2 * value.length(), _ -> shelf, nanos::get);
    }

    private Optional<String> look(String name) throws IOException {
        looks.incrementAndGet();
        Optional<String> row = Optional.ofNullable(rows.get(name));
        began.countDown();
        try {
            assertTrue(answers.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (away) {
            throw new IOException("away");
        }
        return row;
    }

    @After
    public void close() {
        lookups.close();
    }

    @Test
    public void foundAndNotFoundAreAskedForOnce() throws Exception {
        rows.put("a", "1");
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.of("1"), lookups.get("a"));
            assertEquals(Optional.empty(), lookups.get("b"));
        }
        assertEquals(2, looks.get());
        nanos.addAndGet(Duration.ofMinutes(11).toNanos());
        lookups.get("a");
        lookups.get("b");
        assertEquals(3, looks.get());
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        rows.put("a", "2");
        assertEquals(Optional.of("2"), lookups.get("a"));
    }

    @Test
    public void aChangeIsSeenAtOnce() throws Exception {
        assertEquals(Optional.empty(), lookups.get("a"));
        rows.put("a", "1");
        assertEquals(Optional.empty(), lookups.get("a"));
        lookups.changed("a");
        assertEquals(Optional.of("1"), lookups.get("a"));
        rows.put("a", "2");
        lookups.everythingMayHaveChanged();
        assertEquals(Optional.of("2"), lookups.get("a"));
    }

    /** The answer is from before the change: whoever comes after it is not given it, neither now nor later. */
    @Test
    public void aChangeDuringALookIsNotMissed() throws Exception {
        for (boolean all : new boolean[] {false, true}) {
            rows.put("a", "old");
            lookups.changed("a");
            began = new CountDownLatch(1);
            answers = new CountDownLatch(1);
            try (ExecutorService others = Executors.newFixedThreadPool(2)) {
                Future<Optional<String>> before = others.submit(() -> lookups.get("a"));
                assertTrue(began.await(20, TimeUnit.SECONDS));
                rows.put("a", "new");
                if (all) {
                    lookups.everythingMayHaveChanged();
                } else {
                    lookups.changed("a");
                }
                began = new CountDownLatch(1);
                Future<Optional<String>> after = others.submit(() -> lookups.get("a"));
                assertTrue("the second look began", began.await(20, TimeUnit.SECONDS));
                answers.countDown();
                assertEquals(Optional.of("old"), before.get());
                assertEquals(Optional.of("new"), after.get());
                assertEquals(Optional.of("new"), lookups.get("a"));
            }
        }
    }

    @Test
    public void manyWhoAskAtOnceAreOneLook() throws Exception {
        rows.put("a", "1");
        began = new CountDownLatch(1);
        answers = new CountDownLatch(1);
        try (ExecutorService others = Executors.newFixedThreadPool(20)) {
            List<Future<Optional<String>>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(others.submit(() -> lookups.get("a")));
            }
            assertTrue(began.await(20, TimeUnit.SECONDS));
            answers.countDown();
            for (Future<Optional<String>> each : all) {
                assertEquals(Optional.of("1"), each.get());
            }
        }
        assertEquals(1, looks.get());
    }

    @Test
    public void whatIsKnownGoesOnWithoutTheSource() throws Exception {
        rows.put("a", "1");
        lookups.get("a");
        lookups.get("b");
        away = true;
        lookups.everythingMayHaveChanged();
        assertEquals(Optional.of("1"), lookups.get("a"));
        assertEquals(Optional.empty(), lookups.get("b"));
        assertThrows(IOException.class, () -> lookups.get("c"));
        int asked = looks.get();
        lookups.get("a");
        assertThrows(IOException.class, () -> lookups.get("c"));
        assertEquals("after three failures it is left alone", asked, looks.get());
        assertFalse(lookups.facts().isAnswering());
        lookups.changed("a");
        assertThrows("it is known to be wrong", IOException.class, () -> lookups.get("a"));

        away = false;
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        rows.put("a", "2");
        assertEquals(Optional.of("2"), lookups.get("a"));
        assertTrue(lookups.facts().isAnswering());
    }

    @Test
    public void whoCouldBeGivenWhatIsKnownDoesNotWaitLong() throws Exception {
        rows.put("a", "1");
        lookups.get("a");
        lookups.everythingMayHaveChanged();
        answers = new CountDownLatch(1);
        assertEquals(Optional.of("1"), lookups.get("a"));
        answers.countDown();
    }

    @Test
    public void tooManyNamesAtOnceAreRefusedAndOnlyThen() throws Exception {
        answers = new CountDownLatch(1);
        began = new CountDownLatch(64);
        try (ExecutorService others = Executors.newFixedThreadPool(64)) {
            List<Future<Optional<String>>> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String name = "name" + i;
                all.add(others.submit(() -> lookups.get(name)));
            }
            assertTrue(began.await(20, TimeUnit.SECONDS));
            assertThrows(IOException.class, () -> lookups.get("another"));
            answers.countDown();
            for (Future<Optional<String>> each : all) {
                assertEquals(Optional.empty(), each.get());
            }
        }
        rows.put("another", "1");
        assertEquals(Optional.of("1"), lookups.get("another"));
        assertEquals(0, lookups.facts().looks());
    }

    /** Strangers choose which names they ask for. */
    @Test
    public void namesOfStrangersAreBoundedAndDriveOutNothing() throws Exception {
        try (Lookups<String> small = lookups(64 * 1024)) {
            rows.put("a", "1");
            small.get("a");
            for (int i = 0; i < 5000; i++) {
                small.get("stranger-" + i + "x".repeat(i % 500));
            }
            assertTrue(small.facts().toString(), small.facts().bytes() <= 64 * 1024);
            assertTrue(small.facts().toString(), small.facts().names() < 100);
            for (int i = 0; i < 5000; i++) {
                rows.put("scan-" + i, "1");
                small.get("scan-" + i);
                small.get("a");
            }
            assertTrue(small.facts().toString(), small.facts().bytes() <= 64 * 1024);
            int asked = looks.get();
            small.get("a");
            assertEquals("what is used stays", asked, looks.get());
        }
    }
}
