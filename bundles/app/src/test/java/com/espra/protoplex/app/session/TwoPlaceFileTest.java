package com.espra.protoplex.app.session;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.app.session.TwoPlaceFile.DamagedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Replacing a file that others read, by whoever may be killed. */
public class TwoPlaceFileTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path path;
    private TwoPlaceFile file;

    @Before
    public void name() {
        path = temporary.getRoot().toPath().resolve("file");
        file = new TwoPlaceFile(path);
    }

    /** A content that shows when it is not whole. */
    private static byte[] content(int number, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }

    private byte[] read() throws Exception {
        return file.read().orElseThrow();
    }

    @Test
    public void whatWasWrittenLastIsRead() throws Exception {
        assertTrue(file.read().isEmpty());
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            byte[] content = content(i, random.nextInt(10_000));
            file.write(content);
            assertArrayEquals(content, read());
            assertEquals(content.length, file.beginning(10).length());
            assertEquals(
                    Math.min(10, content.length), file.beginning(10).bytes().remaining());
        }
    }

    @Test
    public void aSmallFileIsOneBlock() throws Exception {
        for (int i = 0; i < 10; i++) {
            file.write(content(i, 1_000));
        }
        assertTrue(Files.size(path) <= 4096);
    }

    /** Whatever part of the next content reached the file before its entry did. */
    @Test
    public void aWriterThatIsKilledLeavesTheOldContent() throws Exception {
        file.write(content(1, 1_000));
        file.write(content(2, 1_000));
        byte[] before = Files.readAllBytes(path);
        file.write(content(3, 1_000));
        byte[] after = Files.readAllBytes(path);

        for (int cut = 64; cut < after.length; cut += 100) {
            byte[] torn = before.clone();
            System.arraycopy(after, 64, torn, 64, Math.min(cut, before.length) - 64);
            Files.write(path, torn);
            assertArrayEquals(content(2, 1_000), read());
            file.write(content(4, 900));
            assertArrayEquals(content(4, 900), read());
        }
    }

    @Test
    public void aBeginningThatWasCutOffIsNoContentAndCanBeWrittenOver() throws Exception {
        Files.write(path, new byte[100]);
        assertThrows(DamagedException.class, () -> file.read());

        file.write(content(1, 10));

        assertArrayEquals(content(1, 10), read());
    }

    @Test
    public void readersSeeWholeContentsAndNeverAnOlderOne() throws Exception {
        file.write(content(0, 3_000));
        AtomicInteger written = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> writer = threads.submit(() -> {
                for (int i = 1; i <= 100; i++) {
                    file.write(content(i, 3_000 + 50 * i));
                    written.set(i);
                }
                return null;
            });
            Future<?> reader = threads.submit(() -> {
                while (!writer.isDone()) {
                    int least = written.get();
                    byte[] content = read();
                    assertTrue(content[0] >= least);
                    assertArrayEquals(content(content[0], 3_000 + 50 * content[0]), content);
                }
                return null;
            });
            writer.get(60, TimeUnit.SECONDS);
            reader.get(60, TimeUnit.SECONDS);
        }
    }
}
