package com.espra.protoplex.app.session;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/** Two stores on one folder, as two children of a node have them. */
public class SessionStoreTest {

    private static final SessionLimits LIMITS = new SessionLimits(100, 1 << 20, 1 << 20, Duration.ofMinutes(30));

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final List<SessionStore> open = new ArrayList<>();
    private Path folder;
    private SessionStore one;
    private SessionStore other;

    @Before
    public void open() throws Exception {
        folder = temporary.getRoot().toPath().resolve("sessions");
        one = store(LIMITS);
        other = store(LIMITS);
    }

    private SessionStore store(SessionLimits limits) throws IOException {
        SessionStore store = new SessionStore("hello", folder, limits);
        open.add(store);
        return store;
    }

    @After
    public void close() {
        open.forEach(SessionStore::close);
    }

    private static StoredSession session(String id, long accessed, long expiry, String... attributes) {
        Map<String, byte[]> bytes = new HashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            bytes.put(attributes[i], attributes[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return new StoredSession(id, 1, accessed, accessed, 0, expiry, expiry == 0 ? 0 : 60_000, bytes, 0);
    }

    private static StoredSession session(String id, String... attributes) {
        return session(id, 1, 0, attributes);
    }

    private static Known known(SessionStore store, String id) {
        StoredSession stored = store.get(id).orElseThrow();
        return new Known(stored.attributes(), stored.attributes(), stored.maxInactive(), stored.version());
    }

    private static String attribute(SessionStore store, String id, String name) {
        byte[] bytes = store.get(id).orElseThrow().attributes().get(name);
        return bytes == null ? "none" : new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    public void whatOneStoresTheOtherSeesAtOnce() throws Exception {
        Known known = one.put(session("s", "a", "1"), null);
        assertEquals("1", attribute(other, "s", "a"));

        one.put(session("s", "a", "2"), known);

        assertEquals("2", attribute(other, "s", "a"));
    }

    @Test
    public void changesOfTwoProcessesAreMergedByAttribute() throws Exception {
        Known ofOne = one.put(session("s", "a", "1", "b", "1"), null);
        Known ofOther = known(other, "s");

        one.put(session("s", "a", "2", "b", "1"), ofOne);
        other.put(session("s", "a", "1", "b", "2"), ofOther);

        assertEquals("2", attribute(one, "s", "a"));
        assertEquals("2", attribute(one, "s", "b"));
    }

    @Test
    public void whatOneEndsIsEndedForAllAndDoesNotComeBack() throws Exception {
        one.put(session("s", "a", "1"), null);
        Known ofOther = known(other, "s");

        one.delete("s");

        assertTrue(other.get("s").isEmpty());
        assertNull(other.put(session("s", "a", "2"), ofOther));
        assertTrue(one.get("s").isEmpty());
    }

    @Test
    public void aReaderNeverSeesLessThanWhatWasStoredBefore() throws Exception {
        AtomicLong stored = new AtomicLong();
        one.put(session("s", "n", "0"), null);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Future<?> writer = threads.submit(() -> {
                Known known = known(one, "s");
                for (long n = 1; n <= 2_000; n++) {
                    known = one.put(session("s", "n", Long.toString(n)), known);
                    stored.set(n);
                }
                return null;
            });
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> {
                    long reads = 0;
                    while (!writer.isDone()) {
                        long least = stored.get();
                        long seen = Long.parseLong(attribute(other, "s", "n"));
                        assertTrue("saw " + seen + " after " + least + " was stored", seen >= least);
                        reads++;
                    }
                    return reads;
                }));
            }
            writer.get(60, TimeUnit.SECONDS);
            for (Future<Long> reader : readers) {
                assertTrue(reader.get(10, TimeUnit.SECONDS) > 0);
            }
        }
    }

    @Test
    public void additionsOfManyAreAllKept() throws Exception {
        Known atFirst = one.put(session("s"), null);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                SessionStore store = i % 2 == 0 ? one : other;
                String prefix = i + "-";
                writers.add(threads.submit(() -> {
                    List<String> mine = new ArrayList<>();
                    Known known = atFirst;
                    for (int n = 0; n < 50; n++) {
                        mine.addAll(List.of(prefix + n, "x"));
                        known = store.put(session("s", mine.toArray(String[]::new)), known);
                    }
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
        }
        assertEquals(200, one.get("s").orElseThrow().attributes().size());
    }

    /** As a process leaves it that is killed between the two steps of a change. */
    @Test
    public void aChangeThatWasCutOffLeavesNobodyWithAnOldSession() throws Exception {
        Known known = one.put(session("s", "a", "1"), null);
        assertEquals("1", attribute(other, "s", "a"));
        try (FileChannel index = FileChannel.open(folder.resolve("index"), StandardOpenOption.WRITE)) {
            ByteBuffer odd = ByteBuffer.allocate((int) index.size() - 16).order(ByteOrder.nativeOrder());
            while (odd.hasRemaining()) {
                odd.putLong(4711);
            }
            index.write(odd.flip(), 0);
        }
        new SessionFiles(folder).write(one.get("s").orElseThrow().over(session("s", "a", "cut"), known));

        assertEquals("cut", attribute(other, "s", "a"));
        one.put(session("s", "a", "2"), known);
        assertEquals("2", attribute(other, "s", "a"));
        try (ChangeIndex index = new ChangeIndex(folder.resolve("index"))) {
            assertTrue(ChangeIndex.isSettled(index.count("s")));
        }
    }

    @Test
    public void aChangeWaitsForTheOneBefore() throws Exception {
        one.put(session("s", "a", "1"), null);
        Known known = known(other, "s");
        try (ExecutorService threads = Executors.newFixedThreadPool(1);
                ChangeIndex index = new ChangeIndex(folder.resolve("index"))) {
            Future<Known> waiting;
            try (var _ = index.change("s")) {
                waiting = threads.submit(() -> other.put(session("s", "a", "2"), known));
                assertThrows(java.util.concurrent.TimeoutException.class, () -> waiting.get(50, TimeUnit.MILLISECONDS));
                assertEquals("1", attribute(one, "s", "a"));
            }
            assertNotNull(waiting.get(10, TimeUnit.SECONDS));
        }
        assertEquals("2", attribute(one, "s", "a"));
    }

    @Test
    public void whatCannotBeStoredIsSaidAndChangesNothing() throws Exception {
        Known known = one.put(session("s", "a", "1"), null);
        Path inTheWay;
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.filter(each -> each.toString().endsWith(".session"))
                    .findFirst()
                    .orElseThrow();
            inTheWay = Files.createDirectory(Path.of(file + ".tmp"));
        }

        String large = "x".repeat(10_000);
        assertThrows(IOException.class, () -> one.put(session("s", "a", large), known));
        assertEquals("1", attribute(one, "s", "a"));
        assertEquals("1", attribute(other, "s", "a"));

        Files.delete(inTheWay);
        one.put(session("s", "a", large), known);
        assertEquals(large, attribute(other, "s", "a"));
    }

    @Test
    public void aDamagedFileIsAnEndedSession() throws Exception {
        one.put(session("s", "a", "1"), null);
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(each -> each.toString().endsWith(".session")).forEach(file -> {
                try {
                    Files.write(file, new byte[0]);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        }
        SessionStore next = store(LIMITS);

        assertTrue(next.get("s").isEmpty());
        assertNotNull(next.put(session("s", "a", "2"), null));
        assertEquals("2", attribute(next, "s", "a"));
    }

    @Test
    public void anExpiredSessionIsOneProcesssToEnd() throws Exception {
        long now = System.currentTimeMillis();
        one.put(session("old", now - 100_000, now - 40_000), null);
        one.put(session("young", now, now + 60_000), null);

        Set<String> ofOne = one.expired(Set.of("old", "young"), now);
        Set<String> ofOther = other.expired(Set.of("young"), now);

        assertEquals(Set.of("old"), ofOne);
        assertEquals(Set.of(), ofOther);
        assertTrue(other.get("old").isEmpty());
        assertTrue(other.get("young").isPresent());
    }

    @Test
    public void whoUsesASessionElsewhereDoesNotLoseItHere() throws Exception {
        long now = System.currentTimeMillis();
        one.put(session("s", now - 70_000, now - 10_000, "a", "1"), null);
        other.put(session("s", now, now + 60_000, "a", "1"), known(other, "s"));

        assertEquals(Set.of(), one.expired(Set.of("s"), now));
        assertTrue(one.get("s").orElseThrow().expiry() >= now + 60_000);
    }

    @Test
    public void thatASessionWasUsedIsNotStoredEachTimeAndItIsGoodForThatMuchLonger() throws Exception {
        long now = System.currentTimeMillis();
        Known known = one.put(session("s", now, now + 60_000, "a", "1"), null);

        one.put(session("s", now + 1_000, now + 61_000, "a", "1"), known);
        assertEquals(now, other.get("s").orElseThrow().accessed());
        assertTrue(other.get("s").orElseThrow().expiry() >= now + 61_000);

        one.put(session("s", now + 6_000, now + 66_000, "a", "1"), known);
        assertEquals(now + 6_000, other.get("s").orElseThrow().accessed());
    }

    @Test
    public void whatExpiredLongAgoIsSweptAwayByWhoeverIsThere() throws Exception {
        long now = System.currentTimeMillis();
        one.put(session("old", 1, now - Duration.ofHours(1).toMillis()), null);
        one.put(session("for ever", 1, 0), null);
        Files.write(folder.resolve("cut.session.tmp"), new byte[] {1});
        Files.setLastModifiedTime(folder.resolve("cut.session.tmp"), java.nio.file.attribute.FileTime.fromMillis(1));

        Until.until("nobody else sweeps, and it is gone", () -> {
            other.sweep();
            return one.get("old").isEmpty() && !Files.exists(folder.resolve("cut.session.tmp"));
        });
        assertTrue(one.get("for ever").isPresent());
    }

    @Test
    public void sessionsOfAllProcessesCountForTheLimit() throws Exception {
        SessionLimits few = new SessionLimits(20, 1 << 20, 1 << 20, Duration.ofMinutes(30));
        SessionStore first = store(few);
        SessionStore second = store(few);

        for (int i = 1; i <= 40; i++) {
            (i % 2 == 0 ? first : second).put(session("s" + i, i, 0), null);
        }

        Until.until("the oldest are gone", () -> sessionFiles() <= 20);
        assertTrue(first.get("s1").isEmpty());
        assertTrue(first.get("s40").isPresent());
    }

    private long sessionFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(".session")).count();
        }
    }

    @Test
    public void whoWroteLastKnowsThatNobodyElseDid() throws Exception {
        Known first = one.put(session("s", "a", "1"), null);
        Known second = one.put(session("s", "a", "2"), first);

        assertEquals(one.get("s").orElseThrow().version(), second.version());
        Known late = one.put(session("s", "a", "3"), first);
        assertTrue(late.version() < one.get("s").orElseThrow().version());
    }

    @Test
    public void whatAnotherSerialisedInItsWayIsNotTakenForAChange() throws Exception {
        one.put(session("s", "a", "theirs"), null);
        StoredSession stored = one.get("s").orElseThrow();
        Known inMyWay = new Known(
                stored.attributes(), session("s", "a", "mine").attributes(), stored.maxInactive(), stored.version());

        one.put(session("s", "a", "mine", "b", "2"), inMyWay);

        assertEquals("theirs", attribute(one, "s", "a"));
        assertEquals("2", attribute(one, "s", "b"));
    }

    @Test
    public void whatWasStoredIsThereAfterARestart() throws Exception {
        one.put(session("s", "a", "1"), null);
        one.put(session("gone", "a", "1"), null);
        one.delete("gone");
        close();
        open.clear();
        Files.writeString(folder.resolve("broken.session"), "not a session");

        SessionStore next = store(LIMITS);

        assertEquals("1", attribute(next, "s", "a"));
        assertTrue(next.get("gone").isEmpty());
    }

    @Test
    public void noIdIsReadableInTheFolder() throws Exception {
        one.put(session("secret"), null);

        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".session"))
                    .toList();
            assertEquals(1, names.size());
            assertFalse(names.getFirst(), names.getFirst().contains("secret"));
        }
    }

    /** A generation that has sessions as objects, and changes one when it is asked for it. */
    private static final class Busy implements SessionStore.Holder {
        private final SessionStore store;
        private final Known known;

        Busy(SessionStore store, Known known) {
            this.store = store;
            this.known = known;
        }

        @Override
        public void flush(String id) {
            try {
                store.put(session(id, "a", "2"), known);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public boolean holds(String id) {
            return true;
        }
    }

    @Test
    public void whoAsksSeesWhatOtherGenerationsOfThisProcessAreAboutToStore() throws Exception {
        Known known = one.put(session("s", "a", "1"), null);
        Busy old = new Busy(one, known);
        Busy next = new Busy(one, known);
        one.add(old);

        one.get("s", old);
        assertEquals("1", attribute(one, "s", "a"));
        one.get("s", next);
        assertEquals("2", attribute(one, "s", "a"));
    }
}
