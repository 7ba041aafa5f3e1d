package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.engine.ReadSet;
import com.espra.protoplex.datastore.engine.Store;
import com.espra.protoplex.datastore.engine.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.felix.hc.api.Result;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a node says of a store that cannot do what it is for. */
public class DatastoreHealthTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Store open(long reserveBytes) throws Exception {
        return new Store(folder.getRoot().toPath(), reserveBytes, () -> 1_000_000);
    }

    private static Result health(Store store, Duration patience) {
        return new DatastoreHealth(store, patience).execute();
    }

    @Test
    public void aFullDiskIsAWarning() throws Exception {
        try (Store store = open(Long.MAX_VALUE)) {
            Result result = health(store, Duration.ofMinutes(1));
            assertEquals(Result.Status.WARN, result.getStatus());
            assertTrue(result.toString(), result.toString().contains("is full"));
        }
    }

    @Test
    public void aCommitThatDoesNotEndIsCriticalUntilItHasEnded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (Store store = open(0);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> commit = threads.submit(() -> store.commit(new ReadSet(0), _ -> {
                begun.countDown();
                try {
                    return end.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
            try {
                assertTrue(begun.await(20, TimeUnit.SECONDS));
                assertEquals(
                        Result.Status.OK, health(store, Duration.ofMinutes(5)).getStatus());
                assertEquals(
                        Result.Status.CRITICAL, health(store, Duration.ZERO).getStatus());
            } finally {
                end.countDown();
            }
            assertTrue(commit.get(20, TimeUnit.SECONDS));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (health(store, Duration.ZERO).getStatus() != Result.Status.OK && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertEquals(Result.Status.OK, health(store, Duration.ZERO).getStatus());
        }
    }

    @Test
    public void damageThatWasMetIsAWarning() throws Exception {
        try (Store store = open(0)) {
            store.commit(new ReadSet(0), writer -> {
                writer.put(new byte[] {'k', 0}, new byte[10_000]);
                return true;
            });
        }
        try (Store store = open(0)) {
            assertEquals(Result.Status.OK, health(store, Duration.ofMinutes(1)).getStatus());
            List<Path> tables;
            try (Stream<Path> files = Files.walk(folder.getRoot().toPath())) {
                tables = files.filter(file -> file.toString().endsWith(".sst")).toList();
            }
            assertTrue("it has written a file", !tables.isEmpty());
            for (Path table : tables) {
                byte[] bytes = Files.readAllBytes(table);
                bytes[bytes.length / 3] ^= 1;
                Files.write(table, bytes);
            }
            assertThrows(StoreException.class, store::verify);
            Result result = health(store, Duration.ofMinutes(1));
            assertEquals(Result.Status.WARN, result.getStatus());
            assertTrue(result.toString(), result.toString().contains("checksum mismatch"));
        }
    }
}
