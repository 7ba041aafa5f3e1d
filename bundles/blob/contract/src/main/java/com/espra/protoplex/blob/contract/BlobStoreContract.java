package com.espra.protoplex.blob.contract;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobExistsException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobNotFoundException;
import com.espra.protoplex.api.blob.BlobPage;
import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.OpenBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.Test;

/** What every store does, tested on one that is empty at the beginning of each test. */
public abstract class BlobStoreContract {

    /** More than a part of a multipart upload to S3. */
    private static final int LARGE = 20 * 1024 * 1024 + 17;

    private final Random random = new Random(11);

    /** The store. */
    protected abstract BlobStore store() throws Exception;

    /** So many bytes by chance. */
    protected final byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** As long as this store takes it; in one segment, if it can. */
    protected String longKey() {
        return "ü".repeat(400);
    }

    /** Makes one. */
    protected static BlobInfo put(BlobStore store, String key, byte[] body) throws BlobException {
        return store.put(key, BlobProperties.of("text/plain", body.length), new ByteArrayInputStream(body));
    }

    /** All of one. */
    protected static byte[] read(BlobStore store, String key) throws IOException {
        return read(store, key, 0, Long.MAX_VALUE);
    }

    private static byte[] read(BlobStore store, String key, long from, long length) throws IOException {
        try (OpenBlob blob = store.open(key, from, length)) {
            return blob.body().readAllBytes();
        }
    }

    @Test
    public void whatIsPutIsThere() throws Exception {
        BlobStore store = store();
        for (int length : new int[] {0, 1, 65_536, 100_000}) {
            byte[] body = bytes(length);
            String key = "a/b " + length + "/ü€😀+%2F?#&=*.txt";
            BlobInfo made = put(store, key, body);
            assertArrayEquals(body, read(store, key));
            BlobInfo found = store.head(key);
            assertEquals(key, found.key());
            assertEquals(length, found.properties().length());
            assertEquals("text/plain", found.properties().contentType());
            assertEquals(made.tag(), found.tag());
            assertTrue(found.tag(), found.tag().matches("[A-Za-z0-9._-]{1,200}"));
        }
    }

    @Test
    public void allPropertiesAreKept() throws Exception {
        BlobStore store = store();
        byte[] body = bytes(1000);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        BlobProperties properties = new BlobProperties("text/html;charset=utf-8", "gzip", 1000, 5000, sha256);
        store.put("page", properties, new ByteArrayInputStream(body));
        assertEquals(properties, store.head("page").properties());
        try (OpenBlob blob = store.open("page", 3, 4)) {
            assertEquals(properties, blob.info().properties());
        }
    }

    @Test
    public void partsAreRead() throws Exception {
        BlobStore store = store();
        byte[] body = bytes(200_000);
        put(store, "parts", body);
        long[][] parts = {{0, 1}, {199_999, 1}, {199_999, 9}, {65_530, 20}, {200_000, 5}, {5, 0}, {100, 150_000}};
        for (long[] part : parts) {
            int from = (int) part[0];
            int end = (int) Math.min(body.length, part[0] + part[1]);
            assertArrayEquals(
                    from + "+" + part[1], Arrays.copyOfRange(body, from, end), read(store, "parts", from, part[1]));
        }
    }

    @Test
    public void whatIsLargeGoesInAndOut() throws Exception {
        BlobStore store = store();
        byte[] body = bytes(LARGE);
        put(store, "large", body);
        assertArrayEquals(body, read(store, "large"));
        assertThrows(BlobExistsException.class, () -> put(store, "large", body));
    }

    @Test
    public void whatIsNotThereIsNotFound() throws Exception {
        BlobStore store = store();
        put(store, "a/b", bytes(1));
        for (String key : List.of("no", "a", "a/b/c", "A/B")) {
            assertThrows(key, BlobNotFoundException.class, () -> store.head(key));
            assertThrows(key, BlobNotFoundException.class, () -> store.open(key, 0, 1));
        }
    }

    @Test
    public void whatIsNotThereIsDeletedWithoutAWord() throws Exception {
        BlobStore store = store();
        store.delete("no");
        store.delete("no/more");
        assertEquals(List.of(), store.list("", "", 10).keys());
    }

    @Test
    public void whatIsThereStays() throws Exception {
        BlobStore store = store();
        byte[] first = bytes(10);
        put(store, "once", first);
        byte[] other = bytes(10);
        assertThrows(BlobExistsException.class, () -> put(store, "once", other));
        assertArrayEquals(first, read(store, "once"));
        store.delete("once");
        assertThrows(BlobNotFoundException.class, () -> store.head("once"));
        byte[] second = bytes(20);
        put(store, "once", second);
        assertArrayEquals(second, read(store, "once"));
    }

    /** Of many at once one makes it, and all others are told so. */
    @Test
    public void oneOfManyMakesIt() throws Exception {
        BlobStore store = store();
        List<byte[]> bodies = new ArrayList<>();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] body = bytes(50_000);
            bodies.add(body);
            tasks.add(() -> {
                try {
                    put(store, "race", body);
                    return true;
                } catch (BlobExistsException e) {
                    return false;
                }
            });
        }
        int winner = -1;
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<Future<Boolean>> results = threads.invokeAll(tasks);
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i).get()) {
                    assertEquals("two made it", -1, winner);
                    winner = i;
                }
            }
        }
        assertArrayEquals(bodies.get(winner), read(store, "race"));
    }

    @Test
    public void whatIsNotWhatWasSaidIsNotMade() throws Exception {
        BlobStore store = store();
        for (int said : new int[] {999, 1001}) {
            BlobProperties lie = BlobProperties.of("", said);
            InputStream body = new ByteArrayInputStream(bytes(1000));
            assertThrows(BlobException.class, () -> store.put("lie", lie, body));
        }
        BlobProperties other = new BlobProperties("", "", 1000, 1000, "0".repeat(64));
        InputStream body = new ByteArrayInputStream(bytes(1000));
        assertThrows(BlobException.class, () -> store.put("lie", other, body));
        BlobProperties right = BlobProperties.of("", 1000);
        InputStream breaking = new Breaking();
        assertThrows(BlobException.class, () -> store.put("lie", right, breaking));
        assertThrows(BlobNotFoundException.class, () -> store.head("lie"));
        assertEquals(List.of(), store.list("", "", 10).keys());
    }

    @Test
    public void whatIsNoKeyIsRefused() throws Exception {
        BlobStore store = store();
        for (String key : List.of(
                "", "/a", "a/", "a//b", "../a", "a/..", "a/./b", "a\\b", "a\0b", "a\nb", "\ud800", "x".repeat(1025))) {
            assertThrows(IllegalArgumentException.class, () -> store.head(key));
            assertThrows(IllegalArgumentException.class, () -> store.open(key, 0, 1));
            byte[] body = bytes(1);
            assertThrows(IllegalArgumentException.class, () -> put(store, key, body));
            assertThrows(IllegalArgumentException.class, () -> store.delete(key));
        }
        put(store, longKey(), bytes(1));
        store.head(longKey());
    }

    @Test
    public void keysAreListedInOrder() throws Exception {
        BlobStore store = store();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            put(store, "list/%02d".formatted(i), bytes(1));
            expected.add("list/%02d".formatted(i));
        }
        put(store, "other", bytes(1));
        put(store, "lis", bytes(1));
        List<String> found = new ArrayList<>();
        BlobPage page;
        do {
            page = store.list("list/", found.isEmpty() ? "" : found.getLast(), 10);
            assertTrue(page.keys().size() <= 10);
            found.addAll(page.keys());
        } while (page.hasMore());
        assertEquals(expected, found);
        assertFalse(store.list("nothing", "", 10).hasMore());
        assertEquals(List.of("lis", "list/00"), store.list("", "", 2).keys());
    }

    /** Who stops in the middle has done no harm. */
    @Test
    public void aReaderMayStop() throws Exception {
        BlobStore store = store();
        put(store, "stop", bytes(2_000_000));
        for (int i = 0; i < 100; i++) {
            try (OpenBlob blob = store.open("stop", 0, Long.MAX_VALUE)) {
                assertEquals(10, blob.body().readNBytes(10).length);
            }
        }
        assertEquals(2_000_000, read(store, "stop").length);
    }

    /** Gives half of it and fails. */
    private static final class Breaking extends InputStream {

        private int given;

        @Override
        public int read() throws IOException {
            if (given++ > 500) {
                throw new IOException("the source broke");
            }
            return 1;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            into[from] = (byte) read();
            return 1;
        }
    }
}
