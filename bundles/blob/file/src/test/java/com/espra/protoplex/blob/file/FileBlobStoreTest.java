package com.espra.protoplex.blob.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobExistsException;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import com.espra.protoplex.api.blob.OpenBlob;
import com.espra.protoplex.blob.contract.BlobStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FileBlobStoreTest extends BlobStoreContract {

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Override
    protected BlobStore store() throws IOException {
        return new FileBlobStore(root(), 0);
    }

    private Path root() {
        return folder.getRoot().toPath().resolve("store");
    }

    /** Whatever happened in a test. */
    @After
    public void noTemporaryFileIsLeft() throws IOException {
        if (Files.isDirectory(root())) {
            assertEquals(List.of(), files(root().resolve("parts")));
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    public void aDamagedFileIsToldAndMayBePutAgain() throws Exception {
        BlobStore store = store();
        byte[] body = bytes(200_000);
        put(store, "a", body);
        Path file = files(root().resolve("blobs")).getFirst();
        byte[] whole = Files.readAllBytes(file);

        byte[] inTheMiddle = whole.clone();
        inTheMiddle[100_000] ^= 1;
        Files.write(file, inTheMiddle);
        try (OpenBlob blob = store.open("a", 0, Long.MAX_VALUE)) {
            assertEquals("the part before it is right", 65_536, blob.body().readNBytes(65_536).length);
            assertThrows(BlobDamagedException.class, () -> blob.body().readAllBytes());
        }
        put(store, "a", body);
        assertArrayEquals("healed, though its header is good", body, read(store, "a"));
        assertThrows("and a whole one stays", BlobExistsException.class, () -> put(store, "a", body));

        Files.write(file, java.util.Arrays.copyOf(whole, 150_000));
        assertThrows(BlobDamagedException.class, () -> store.head("a"));
        put(store, "a", body);
        assertArrayEquals(body, read(store, "a"));
    }

    @Test
    public void withLessRoomThanIsReservedNothingIsWritten() throws Exception {
        BlobStore full = new FileBlobStore(root(), Long.MAX_VALUE / 2);
        assertThrows(BlobUnavailableException.class, () -> put(full, "a", bytes(10)));
        put(store(), "a", bytes(10));
        assertEquals(10, read(full, "a").length);
    }

    /** Two processes share it: what one makes the other one finds. */
    @Test
    public void twoShareAFolder() throws Exception {
        BlobStore one = store();
        BlobStore other = store();
        put(one, "a", bytes(10));
        assertEquals(10, read(other, "a").length);
        other.delete("a");
        assertEquals(List.of(), one.list("", "", 10).keys());
    }
}
