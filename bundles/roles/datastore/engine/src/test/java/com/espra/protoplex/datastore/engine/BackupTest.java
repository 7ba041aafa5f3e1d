package com.espra.protoplex.datastore.engine;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

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
            Backup.prepare(copy, root().resolve("store"));
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
        assertTrue("what was there is kept", Files.isDirectory(root().resolve("store/rocks.before-restore")));
        try (Store store = open()) {
            assertNotNull("once is enough", get(store, "again"));
        }
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
        Backup.prepare(copy, store);
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
        IOException damaged = assertThrows(IOException.class, () -> Backup.prepare(copy, root().resolve("store")));
        assertTrue(damaged.getMessage(), damaged.getMessage().contains("copy"));
        assertFalse(Files.exists(root().resolve("store/rocks.restore")));
        assertThrows(NoSuchFileException.class, () -> Backup.verify(Files.createDirectory(root().resolve("empty"))));
    }
}
