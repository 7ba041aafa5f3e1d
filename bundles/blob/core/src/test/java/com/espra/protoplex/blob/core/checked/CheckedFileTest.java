package com.espra.protoplex.blob.core.checked;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CheckedFileTest {

    private static final byte[] HEADER = {1, 2, 3};

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final Random random = new Random(7);

    private Path written(byte[] body) throws IOException {
        Path file = folder.getRoot().toPath().resolve("file" + random.nextLong());
        try (CheckedWriter writer = new CheckedWriter(file, HEADER)) {
            for (int at = 0; at < body.length; ) {
                int some = Math.min(body.length - at, 1 + random.nextInt(100_000));
                writer.write(body, at, some);
                at += some;
            }
            writer.finish(true);
        }
        return file;
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    public void partsOfAllLengthsAreRead() throws IOException {
        for (int length :
                new int[] {0, 1, 4096, CheckedForm.BLOCK - 1, CheckedForm.BLOCK, CheckedForm.BLOCK + 1, 300_000}) {
            byte[] body = random(length);
            try (CheckedFile file = CheckedFile.open(written(body))) {
                assertArrayEquals(HEADER, file.header());
                assertEquals(length, file.length());
                for (int i = 0; i < 20; i++) {
                    int from = random.nextInt(length + 1);
                    int most = random.nextInt(length + 10);
                    assertArrayEquals(
                            Arrays.copyOfRange(body, from, Math.min(length, from + most)),
                            new CheckedStream(file, from, most).readAllBytes());
                }
            }
        }
    }

    /** Whatever bit of a file is another one, no wrong byte is given out. */
    @Test
    public void everyDamageIsFound() throws IOException {
        byte[] body = random(200);
        Path file = written(body);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            assertThrows("byte " + at, DamagedFileException.class, () -> readAll(file));
        }
    }

    /** What was cut off by a crash is found when it is opened. */
    @Test
    public void whatIsCutOffIsFound() throws IOException {
        byte[] whole = Files.readAllBytes(written(random(100_000)));
        Path file = folder.newFile().toPath();
        for (int i = 0; i < 50; i++) {
            Files.write(file, Arrays.copyOf(whole, random.nextInt(whole.length)));
            assertThrows(
                    DamagedFileException.class, () -> CheckedFile.open(file).close());
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThrows(DamagedFileException.class, () -> CheckedFile.open(file).close());
    }

    private static void readAll(Path path) throws IOException {
        try (CheckedFile file = CheckedFile.open(path)) {
            new CheckedStream(file, 0, Long.MAX_VALUE).readAllBytes();
        }
    }

    /** Of this machine; also if its number is another process' by now. What another machine writes is left alone until it is old. */
    @Test
    public void whatAProcessLeftThatIsGoneIsRemoved() throws Exception {
        Path parts = folder.newFolder("parts").toPath();
        String ours = new PartFiles(parts).next().getFileName().toString();
        String[] words = ours.substring(0, ours.indexOf('-')).split("\\.");
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path gone = Files.createFile(parts.resolve(words[0] + "." + ended.pid() + "." + words[2] + "-00"));
        Path again = Files.createFile(parts.resolve(words[0] + "." + words[1] + ".1-00"));
        Path alive = Files.createFile(parts.resolve(ours));
        Path elsewhere = Files.createFile(parts.resolve("0".repeat(32) + "." + ended.pid() + ".1-00"));
        Path before = Files.createFile(parts.resolve(ended.pid() + "-00"));
        Path old = Files.createFile(parts.resolve("0".repeat(32) + ".1.1-01"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        new PartFiles(parts);
        assertEquals(
                List.of(false, false, false),
                Stream.of(gone, again, old).map(Files::exists).toList());
        assertEquals(
                List.of(true, true, true),
                Stream.of(alive, elsewhere, before).map(Files::exists).toList());
    }
}
