package com.espra.protoplex.files.appfiles.past;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.files.appfiles.asset.Asset;
import com.espra.protoplex.files.appfiles.asset.AssetMaker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is found of the builds before. */
public class PastBuildsTest {

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final AtomicLong nanos = new AtomicLong();

    private PastBuilds build(int most, long mostBytes, Map<String, byte[]> files) throws IOException {
        PastBuilds past = new PastBuilds(
                folder.getRoot().toPath().resolve("shop"),
                most,
                mostBytes,
                new AssetMaker(1, Pattern.compile(AssetMaker.HASHED)),
                nanos::get);
        past.open(files);
        age();
        return past;
    }

    /** So that each build is older than the next one, however coarse the clock of the disk. */
    private void age() throws IOException {
        for (String part : new String[] {"builds", "contents"}) {
            try (Stream<Path> files =
                    Files.list(folder.getRoot().toPath().resolve("shop").resolve(part))) {
                for (Path file : files.toList()) {
                    Instant time = Files.getLastModifiedTime(file).toInstant();
                    Files.setLastModifiedTime(file, FileTime.from(time.minusSeconds(1000)));
                }
            }
        }
    }

    private static String name(int number) {
        return "static/app-%08x.js".formatted(number);
    }

    private static byte[] content(int number) {
        return ("build " + number).getBytes(StandardCharsets.US_ASCII);
    }

    private static Map<String, byte[]> files(int number) {
        return Map.of(name(number), content(number), "static/index.html", content(number));
    }

    private static byte[] bytes(Asset asset) {
        ByteBuffer all = asset.forms().getLast().part(0, asset.forms().getLast().length());
        byte[] bytes = new byte[all.remaining()];
        all.get(bytes);
        return bytes;
    }

    @Test
    public void pagesThatAreOpenMissNothingOverTwentyPushes() throws Exception {
        for (int i = 0; i <= 20; i++) {
            PastBuilds past = build(20, 1 << 20, files(i));
            for (int before = 0; before < i; before++) {
                Asset asset = past.find(name(before));
                assertNotNull(before + " in " + i, asset);
                assertArrayEquals(content(before), bytes(asset));
            }
            assertNull("names without a hash are those of this build", past.find("static/index.html"));
        }
        PastBuilds last = build(20, 1 << 20, files(21));
        assertNull("the oldest goes", last.find(name(0)));
        assertNotNull(last.find(name(1)));
    }

    @Test
    public void whatNoBuildHasIsRemoved() throws Exception {
        for (int i = 0; i < 10; i++) {
            build(2, 1 << 20, files(i));
        }
        try (Stream<Path> contents =
                Files.list(folder.getRoot().toPath().resolve("shop").resolve("contents"))) {
            assertEquals(3, contents.count());
        }
    }

    /** After a roll-back this build serves pages of the one that came after it. */
    @Test
    public void aBuildThatCameLaterIsFound() throws Exception {
        PastBuilds first = build(20, 1 << 20, files(1));
        build(20, 1 << 20, files(2));
        assertNull("it looks once a second", first.find(name(2)));
        nanos.addAndGet(1_000_000_001);
        assertNotNull(first.find(name(2)));
    }

    @Test
    public void theMemoryIsBoundedAndTheNewestIsKept() throws Exception {
        for (int i = 1; i <= 5; i++) {
            build(20, 1 << 20, Map.of(name(i), new byte[1000]));
        }
        PastBuilds past = build(20, 3500, Map.of(name(6), new byte[] {1}));
        assertTrue("" + past.count(), past.count() <= 4);
        assertNotNull(past.find(name(5)));
        assertNull(past.find(name(1)));
    }

    @Test
    public void whatIsDamagedIsNotServed() throws Exception {
        build(20, 1 << 20, files(1));
        build(20, 1 << 20, files(2));
        Path contents = folder.getRoot().toPath().resolve("shop/contents");
        Files.write(contents.resolve(AssetMaker.digest(content(1))), content(9));
        Files.write(
                folder.getRoot().toPath().resolve("shop/builds/" + "x".repeat(43)),
                "\n../../secret a-00000000.js\nnonsense".getBytes(StandardCharsets.US_ASCII));
        PastBuilds past = build(20, 1 << 20, files(3));
        assertNull(past.find(name(1)));
        assertNull(past.find("a-00000000.js"));
        assertNotNull(past.find(name(2)));
        build(20, 1 << 20, files(1));
        assertNotNull(
                "whoever brings it once more mends it",
                build(20, 1 << 20, files(4)).find(name(1)));
    }

    @Test
    public void withoutTheFolderTheBuildIsServedAllTheSame() throws Exception {
        PastBuilds past = build(20, 1 << 20, files(1));
        Path lists = folder.getRoot().toPath().resolve("shop/builds");
        try (Stream<Path> files = Files.list(lists)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(lists);
        past.open(files(2));
        assertNull(past.find(name(7)));
    }
}
