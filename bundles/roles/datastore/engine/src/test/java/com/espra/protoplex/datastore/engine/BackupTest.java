package com.espra.protoplex.datastore.engine;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.engine.StoreException.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Copies of a store that is in use, and how they come back. */
public class BackupTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicLong clock = new AtomicLong(1_000_000);

    private Path root() {
        return folder.getRoot().toPath();
    }

    private Store open() throws Exception {
        return new Store(root().resolve("store"), 0, clock::incrementAndGet);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(Store store, String key) {
        store.commit(new ReadSet(0), writer -> {
            writer.put(bytes(key), bytes("x".repeat(100)));
            return true;
        });
    }

    private static byte[] get(Store store, String key) {
        return store.get(bytes(key), store.version());
    }

    @Test
    public void aCopyHasWhatWasAcknowledgedWhileOthersWrite() throws Exception {
        Path copy = root().resolve("copies/one");
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicLong written = new AtomicLong();
        try (Store store = open()) {
            put(store, "before");
            Thread writer = Thread.ofPlatform().start(() -> {
                while (!stopped.get()) {
                    put(store, "k" + written.get());
                    written.incrementAndGet();
                }
            });
            while (written.get() < 20) {
                Thread.onSpinWait();
            }
            long acknowledged = written.get();
            store.backup(copy);
            stopped.set(true);
            writer.join();
            put(store, "after");
            assertThrows(FileAlreadyExistsException.class, () -> store.backup(copy));
            Backup.prepare(copy, root().resolve("store"), 0);
            assertNotNull("it is taken at the next opening, and not before", get(store, "after"));
            assertTrue(store.rows() > 0);
            assertTrue(store.bytesInMemory() > 0);
            try (Stream<Path> left = Files.list(copy.getParent())) {
                assertEquals("nothing else is left", 1, left.count());
            }
            written.set(acknowledged);
        }
        try (Store store = open()) {
            assertArrayEquals(bytes("x".repeat(100)), get(store, "before"));
            assertNotNull(get(store, "k" + (written.get() - 1)));
            assertNull(get(store, "after"));
            put(store, "again");
        }
        assertEquals("what was there is kept", 1, kept().size());
        try (Store store = open()) {
            assertNotNull("once is enough", get(store, "again"));
        }
    }

    @Test
    public void aDiskThatFailsIsNoDamage() {
        assertEquals(
                Reason.READ_ONLY,
                Backup.unread(new IOException("no space left on device")).reason());
        RocksDBException full = new RocksDBException(new Status(Status.Code.IOError, Status.SubCode.NoSpace, ""));
        assertEquals(
                Reason.READ_ONLY,
                Backup.unread(new IOException("cannot open", full)).reason());
        RocksDBException corrupt = new RocksDBException(new Status(Status.Code.Corruption, Status.SubCode.None, ""));
        assertEquals(
                Reason.DAMAGED,
                Backup.unread(new IOException("cannot open", corrupt)).reason());
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> all = Files.list(root().resolve("store"))) {
            return all.filter(each -> each.getFileName().toString().startsWith("rocks.before-restore-"))
                    .toList();
        }
    }

    /** A copy with one entity of that name. */
    private Path copyWith(String name) throws Exception {
        Path copy = root().resolve(name);
        try (Store store = new Store(root().resolve("store-of-" + name), 0, clock::incrementAndGet)) {
            put(store, name);
            store.backup(copy);
        }
        return copy;
    }

    @Test
    public void aSecondRestoreThatIsBrokenOffLeavesTheFirstOneOrNone() throws Exception {
        Path folder = root().resolve("store");
        try (Store store = open()) {
            put(store, "live");
        }
        Path monday = copyWith("monday");
        Path tuesday = copyWith("tuesday");
        Backup.prepare(monday, folder, 0);
        Backup.prepare(tuesday, folder, 0);
        assertFalse(Files.exists(folder.resolve("rocks.restore.old")));
        // As if the process had ended while the first one was deleted.
        Files.createDirectory(folder.resolve("rocks.restore.old"));
        Files.createFile(folder.resolve("rocks.restore.old/MANIFEST-000005"));
        try (Store store = open()) {
            assertNotNull(get(store, "tuesday"));
        }
        assertFalse(Files.exists(folder.resolve("rocks.restore.old")));
        Backup.prepare(monday, folder, 0);
        Files.delete(folder.resolve("rocks.restore/CURRENT"));
        IOException refused = assertThrows(IOException.class, this::open);
        assertTrue(refused.getMessage(), refused.getMessage().contains("CURRENT is missing"));
        Backup.prepare(monday, folder, 0);
        try (Store store = open()) {
            assertNotNull(get(store, "monday"));
        }
        assertEquals("no restore deletes what another one has kept", 2, kept().size());
    }

    @Test
    public void aStoreWithoutItsFilesIsNoNewOne() throws Exception {
        try (Store store = open()) {
            put(store, "a");
        }
        Path rocks = root().resolve("store/rocks");
        Path aside = root().resolve("aside");
        Files.move(rocks, aside);
        Files.createDirectory(rocks);
        IOException damaged = assertThrows(IOException.class, this::open);
        assertTrue(damaged.getMessage(), damaged.getMessage().contains("is damaged"));
        Files.delete(rocks);
        // Nor is one that was being made when the process ended in the way of another one.
        Files.createDirectory(root().resolve("store/rocks.new"));
        Files.createFile(root().resolve("store/rocks.new/CURRENT"));
        try (Store store = open()) {
            assertNull(get(store, "a"));
        }
    }

    @Test
    public void aCopyThatHasNoRoomLeavesNothing() throws Exception {
        Path copy = copyWith("monday");
        Path folder = root().resolve("store");
        try (Store store = open()) {
            put(store, "live");
        }
        IOException full = assertThrows(IOException.class, () -> Backup.prepare(copy, folder, Long.MAX_VALUE / 2));
        assertTrue(full.getClass().getName(), full.getClass().getName().endsWith("DiskFullException"));
        assertFalse(Files.exists(folder.resolve("rocks.restore.part")));
        assertFalse(Files.exists(folder.resolve("rocks.restore")));
        // What an end in the middle has left goes at the next opening.
        Files.createDirectory(folder.resolve("rocks.restore.part"));
        open().close();
        assertFalse(Files.exists(folder.resolve("rocks.restore.part")));
    }

    @Test
    public void nobodyElseCanLookIntoACopy() throws Exception {
        Path copy = copyWith("monday");
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
        Backup.prepare(copy, Files.createDirectories(root().resolve("other")), 0);
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(root().resolve("other/rocks.restore"))));
    }

    @Test
    public void twoBackupsToOneNameAreOne() throws Exception {
        Path copy = root().resolve("copy");
        AtomicInteger made = new AtomicInteger();
        try (Store store = open()) {
            for (int i = 0; i < 100; i++) {
                put(store, "k" + i);
            }
            List<Thread> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(Thread.ofPlatform().start(() -> {
                    try {
                        store.backup(copy);
                        made.incrementAndGet();
                    } catch (FileAlreadyExistsException e) {
                        // The others.
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
            }
            for (Thread each : all) {
                each.join();
            }
        }
        assertEquals(1, made.get());
        Backup.verify(copy);
    }

    @Test
    public void aCopyNeedsNoLogAndADamagedLogIsFound() throws Exception {
        Path copy = root().resolve("copy");
        AtomicBoolean stopped = new AtomicBoolean();
        try (Store store = open()) {
            Thread writer = Thread.ofPlatform().start(() -> {
                for (int i = 0; !stopped.get(); i++) {
                    put(store, "k" + i);
                }
            });
            store.backup(copy);
            stopped.set(true);
            writer.join();
        }
        long rows;
        try (Database all = Database.readOnly(copy)) {
            rows = all.figure("rocksdb.estimate-num-keys");
        }
        try (Stream<Path> files = Files.list(copy)) {
            for (Path log :
                    files.filter(each -> each.toString().endsWith(".log")).toList()) {
                assertEquals("nothing is in it", 0, Files.size(log));
                Files.delete(log);
            }
        }
        try (Database all = Database.readOnly(copy)) {
            assertEquals(rows, all.figure("rocksdb.estimate-num-keys"));
        }
        // A copy as another program makes it: with a log, of which the end was cut.
        try (Store store = open()) {
            put(store, "in the log");
        }
        Path rocks = root().resolve("store/rocks");
        try (Stream<Path> files = Files.list(rocks)) {
            Path log = files.filter(each ->
                            each.toString().endsWith(".log") && each.toFile().length() > 0)
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
                file.setLength(file.length() - 10);
            }
        }
        assertThrows(IOException.class, () -> Backup.verify(rocks));
    }

    @Test
    public void aRestoreThatWasBrokenOffGoesOn() throws Exception {
        Path copy = root().resolve("copy");
        try (Store store = open()) {
            put(store, "a");
            store.backup(copy);
            put(store, "b");
        }
        Path store = root().resolve("store");
        Backup.prepare(copy, store, 0);
        // As if the process had ended between the two moves.
        Files.move(store.resolve("rocks"), store.resolve("rocks.before-restore"));
        try (Store again = open()) {
            assertNotNull(get(again, "a"));
            assertNull(get(again, "b"));
        }
        // A copy that was not copied whole is nothing.
        Files.createDirectory(store.resolve("rocks.restore.part"));
        try (Store again = open()) {
            assertNotNull(get(again, "a"));
        }
    }

    @Test
    public void whatIsDamagedIsNotTaken() throws Exception {
        Path copy = root().resolve("copy");
        try (Store store = open()) {
            for (int i = 0; i < 100; i++) {
                put(store, "k" + i);
            }
            store.backup(copy);
        }
        Backup.verify(copy);
        Path table;
        try (Stream<Path> files = Files.list(copy)) {
            table = files.filter(each -> each.toString().endsWith(".sst"))
                    .findFirst()
                    .orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
            file.seek(100);
            file.write(new byte[] {1, 2, 3, 4});
        }
        IOException damaged = assertThrows(IOException.class, () -> Backup.prepare(copy, root().resolve("store"), 0));
        assertTrue(damaged.getMessage(), damaged.getMessage().contains("copy"));
        assertFalse(Files.exists(root().resolve("store/rocks.restore")));
        assertThrows(NoSuchFileException.class, () -> Backup.verify(Files.createDirectory(root().resolve("empty"))));
    }
}
