package com.espra.protoplex.fleet.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.files.DiskFullException;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.Jars;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.make.BuildMaker;
import com.espra.protoplex.fleet.sign.AuthorKey;
import com.espra.protoplex.fleet.sign.SignedBuild;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class StoreTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final byte[] content = new byte[300_000];
    private String sha256 = "";
    private ContentStore store;

    @Before
    public void open() throws IOException {
        new Random(1).nextBytes(content);
        sha256 = Sha256.of(content);
        store = new ContentStore(folder.getRoot().toPath());
    }

    private InputStream from(int offset) {
        return new ByteArrayInputStream(content, offset, content.length - offset);
    }

    @Test
    public void aFileIsKept() throws Exception {
        assertFalse(store.has(sha256));
        assertEquals(content.length, store.put(sha256, content.length, 0, from(0)));
        assertArrayEquals(content, Files.readAllBytes(store.file(sha256)));
        assertEquals("a second time costs nothing", content.length, store.put(sha256, content.length, 0, from(0)));
    }

    @Test
    public void whatWasCutGoesOn() throws Exception {
        InputStream cut = new SequenceInputStream(new ByteArrayInputStream(content, 0, 100_000), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        });
        assertThrows(IOException.class, () -> store.put(sha256, content.length, 0, cut));
        assertFalse(store.has(sha256));
        ContentStore reopened = new ContentStore(folder.getRoot().toPath());
        assertEquals(100_000, reopened.received(sha256));
        BuildException gap =
                assertThrows(BuildException.class, () -> reopened.put(sha256, content.length, 100_001, from(100_001)));
        assertEquals("go on at byte 100000", gap.remedy());
        assertEquals(
                100_500,
                reopened.put(sha256, content.length, 100_000, new ByteArrayInputStream(content, 100_000, 500)));
        assertEquals(content.length, reopened.put(sha256, content.length, 100_500, from(100_500)));
        assertArrayEquals(content, Files.readAllBytes(reopened.file(sha256)));
    }

    @Test
    public void whatWasTamperedWithIsThrownAway() throws Exception {
        content[7] ^= 1;
        BuildException e = assertThrows(BuildException.class, () -> store.put(sha256, content.length, 0, from(0)));
        assertTrue(e.getMessage(), e.getMessage().contains("changed on its way"));
        assertFalse(store.has(sha256));
        assertEquals(0, store.received(sha256));
    }

    @Test
    public void moreThanWasAnnouncedIsThrownAway() throws Exception {
        assertThrows(BuildException.class, () -> store.put(sha256, content.length - 1, 0, from(0)));
        assertEquals(0, store.received(sha256));
    }

    @Test
    public void aDiskWithoutRoomSaysHowMuchIsMissing() {
        long much = 1L << 60;
        DiskFullException e = assertThrows(DiskFullException.class, () -> store.put(sha256, much, 0, from(0)));
        assertTrue(e.getMessage(), e.neededBytes() >= much && e.freeBytes() < much && e.freeBytes() > 0);
    }

    @Test
    public void oneFileIsReceivedOnceAtATime() throws Exception {
        InputStream slow = new InputStream() {
            @Override
            public int read() throws IOException {
                BuildException e =
                        assertThrows(BuildException.class, () -> store.put(sha256, content.length, 0, from(0)));
                assertTrue(e.getMessage(), e.getMessage().contains("somebody else"));
                return -1;
            }
        };
        assertEquals(0, store.put(sha256, content.length, 0, slow));
        assertEquals(content.length, store.put(sha256, content.length, 0, from(0)));
    }

    @Test
    public void aFileThatWasDamagedOnTheDiskMakesRoomForAWholeOne() throws Exception {
        store.put(sha256, content.length, 0, from(0));
        assertTrue(store.proves(sha256));
        Path file = store.file(sha256);
        assertTrue(file.toFile().setWritable(true));
        byte[] damaged = content.clone();
        damaged[content.length / 2] ^= 1;
        Files.write(file, damaged);

        assertFalse(store.proves(sha256));

        assertFalse(store.has(sha256));
        assertEquals(content.length, store.put(sha256, content.length, 0, from(0)));
        assertTrue(store.proves(sha256));
    }

    @Test
    public void namesAreHashesOnly() {
        assertThrows(IllegalArgumentException.class, () -> store.has("../../etc/passwd"));
    }

    @Test
    public void buildsAreKeptWithTheirFilesAndGoWithThem() throws Exception {
        Path root = folder.getRoot().toPath();
        BuildStore builds = new BuildStore(root);
        AuthorKey key = AuthorKey.create();
        BuildMaker maker = new BuildMaker(key, InstantSource.system(), List.of());
        BuildMaker.Made one = maker.make(
                List.of(Jars.bundle(root.resolve("a.jar"), "com.example.hello", "1.0.0")), BuildMaker.Wish.NONE);
        BuildMaker.Made two = maker.make(
                List.of(Jars.bundle(root.resolve("b.jar"), "com.example.hello", "1.0.1")), BuildMaker.Wish.NONE);
        BuildException missing = assertThrows(BuildException.class, () -> builds.add(one.signed()));
        assertTrue(missing.getMessage(), missing.getMessage().contains("a.jar"));
        for (BuildMaker.Made made : List.of(one, two)) {
            store(builds, made);
            builds.add(made.signed());
        }
        assertEquals(2, builds.digests().size());
        SignedBuild read = builds.get(two.signed().digest()).orElseThrow();
        read.requireAuthor(List.of(key.author()));
        assertArrayEquals(two.signed().manifest(), read.manifest());

        assertEquals(
                1, builds.retain(Set.of(two.signed().digest()), Instant.now().plusSeconds(7200)));
        assertEquals(List.of(two.signed().digest()), builds.digests());
        assertFalse(builds.content().has(one.files().keySet().iterator().next()));
        assertTrue(builds.content().has(two.files().keySet().iterator().next()));
    }

    @Test
    public void aDamagedManifestGoesAndCanComeAgain() throws Exception {
        Path root = folder.getRoot().toPath();
        BuildStore builds = new BuildStore(root);
        BuildMaker.Made made = new BuildMaker(AuthorKey.create(), InstantSource.system(), List.of())
                .make(List.of(Jars.bundle(root.resolve("a.jar"), "com.example.hello", "1.0.0")), BuildMaker.Wish.NONE);
        store(builds, made);
        String digest = made.signed().digest();
        Path manifest = root.resolve("builds").resolve(digest).resolve("build.json");
        for (byte[] damage :
                List.of(new byte[0], "{}".getBytes(UTF_8), flipped(made.signed().manifest()))) {
            builds.add(made.signed());
            Files.write(manifest, damage);
            assertTrue(builds.get(digest).isEmpty());
            assertEquals(List.of(), builds.digests());
        }
        builds.add(made.signed());
        assertTrue(builds.get(digest).isPresent());
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] damaged = bytes.clone();
        damaged[damaged.length / 2] ^= 1;
        return damaged;
    }

    @Test
    public void aFileThatHasJustComeIsNotSweptAway() throws Exception {
        BuildStore builds = new BuildStore(folder.getRoot().toPath());
        builds.content().put(sha256, content.length, 0, from(0));
        builds.retain(Set.of(), Instant.now());
        assertTrue(builds.content().has(sha256));
    }

    private static void store(BuildStore builds, BuildMaker.Made made) throws Exception {
        for (var file : made.files().entrySet()) {
            try (InputStream in = Files.newInputStream(file.getValue())) {
                builds.content().put(file.getKey(), Files.size(file.getValue()), 0, in);
            }
        }
    }
}
