package com.espra.protoplex.files.upload;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.blob.OpenBlob;
import com.espra.protoplex.blob.file.FileBlobStore;
import com.espra.protoplex.files.upload.spool.UploadRefusedException;
import com.espra.protoplex.files.upload.spool.UploadSpool;
import com.espra.protoplex.files.upload.spool.UploadState;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Processes with uploads are killed: nothing that was acknowledged is lost, and nothing wrong is kept. {@code -Dsoak=1000} kills so often. */
public class UploadKillTest {

    private static final int KILLS = Integer.getInteger("soak", 4);
    private static final long LONGEST_LIFE_MILLIS = 300;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path root() {
        return folder.getRoot().toPath();
    }

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                classPath(),
                SpoolProcess.class.getName(),
                root().toString()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Surefire may have its own in a file, which has the real one in a property. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Until it says that it is where it is to be killed; then it is. */
    private static void killWhenThere(Process process) throws Exception {
        try (BufferedReader output = output(process)) {
            String line = output.readLine();
            while (line != null && !line.equals("here")) {
                line = output.readLine();
            }
            assertEquals("it ended before", "here", line);
        } finally {
            process.destroyForcibly();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        }
    }

    private byte[] kept(String address) throws IOException {
        try (OpenBlob blob = new FileBlobStore(root().resolve("blobs"), 0).open(address, 0, Long.MAX_VALUE)) {
            return blob.body().readAllBytes();
        }
    }

    private Map<String, String> rows() throws IOException {
        Map<String, String> rows = new HashMap<>();
        try (Stream<Path> all = Files.list(root().resolve("ledger"))) {
            for (Path row : all.toList()) {
                if (row.toString().endsWith(".new")) {
                    continue; // Of a process that was killed while it wrote.
                }
                rows.put(row.getFileName().toString(), Files.readString(row));
            }
        }
        return rows;
    }

    private void killedAt(String step) throws Exception {
        killWhenThere(start("end", step, "a"));
        try (UploadSpool next = SpoolProcess.open(root(), "none")) {
            next.sweep(Instant.now());
            Map<String, String> rows = rows();
            assertEquals(1, rows.size());
            assertArrayEquals(
                    SpoolProcess.content("a"),
                    kept(rows.values().iterator().next().split(" ")[1]));
            UploadState state = next.settled(rows.keySet().iterator().next(), SpoolProcess.TOKEN.id());
            assertTrue(state.isDone());
            assertEquals(0, next.count());
        }
        try (Stream<Path> left = Files.walk(root().resolve("spool"))) {
            assertEquals(
                    0,
                    left.filter(each -> each.endsWith("body") || each.endsWith("coded"))
                            .count());
        }
    }

    @Test
    public void killedBeforeItIsPut() throws Exception {
        killedAt("compressed");
    }

    @Test
    public void killedWhenItIsPut() throws Exception {
        killedAt("put");
    }

    @Test
    public void killedWhenItIsRecorded() throws Exception {
        killedAt("record");
    }

    @Test
    public void killedBeforeItIsTold() throws Exception {
        killedAt("tell");
    }

    /** Another process of the node has a client of the upload: it is left alone, and taken over when it is gone. */
    @Test
    public void twoProcessesAreKeptApart() throws Exception {
        byte[] content = SpoolProcess.content("b");
        try (UploadSpool spool = SpoolProcess.open(root(), "none")) {
            String id = spool.create(SpoolProcess.target("b"), content.length).id();
            Process other = start("hold", id);
            try (BufferedReader output = output(other)) {
                assertEquals("here", output.readLine());
                for (int i = 0; i < 2; i++) {
                    UploadRefusedException refused = assertThrows(
                            UploadRefusedException.class, () -> append(spool, id, Arrays.copyOf(content, 2000), 0));
                    assertEquals(423, refused.status());
                    spool.sweep(Instant.now());
                }
            } finally {
                other.destroyForcibly();
                assertTrue(other.waitFor(20, TimeUnit.SECONDS));
            }
            assertEquals(0, spool.settled(id, SpoolProcess.TOKEN.id()).offset());
            assertTrue(append(spool, id, content, 0).isDone());
            assertArrayEquals(content, kept(rows().get(id).split(" ")[1]));
        }
    }

    private static UploadState append(UploadSpool spool, String id, byte[] bytes, long offset) throws IOException {
        return spool.append(
                id, SpoolProcess.TOKEN.id(), offset, UploadState.UNKNOWN, false, null, new ByteArrayInputStream(bytes));
    }

    @Test
    public void killedAtAnyTime() throws Exception {
        Random random = new Random();
        Map<String, String> done = new HashMap<>();
        for (int i = 0; i < KILLS; i++) {
            Map<String, Long> acknowledged = new HashMap<>();
            Process process = start("many");
            try (BufferedReader output = output(process)) {
                String line = output.readLine();
                assertTrue("it failed", line != null);
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextLong(LONGEST_LIFE_MILLIS));
                boolean killed = false;
                while (line != null) {
                    String[] words = line.split(" ");
                    if (words.length == 3 && words[0].equals("at")) {
                        acknowledged.put(words[1], Long.valueOf(words[2]));
                    } else if (words.length == 3) {
                        done.put(words[1], words[2]);
                    }
                    if (!killed && System.nanoTime() - end > 0) {
                        process.toHandle().destroyForcibly(); // What it said before is still to be read.
                        killed = true;
                    }
                    line = output.readLine();
                }
                assertTrue("it ended itself", killed);
            } finally {
                process.destroyForcibly();
                assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            }
            whatWasAcknowledgedIsThere(acknowledged);
        }
        Map<String, String> rows = rows();
        for (String row : rows.values()) {
            String[] words = row.split(" ");
            assertArrayEquals(row, SpoolProcess.content(words[0]), kept(words[1]));
        }
        done.forEach((key, address) -> assertTrue(key, rows.containsValue(key + " " + address)));
        assertTrue("nothing came to its end", !done.isEmpty());
    }

    private void whatWasAcknowledgedIsThere(Map<String, Long> acknowledged) throws IOException {
        try (UploadSpool spool = SpoolProcess.open(root(), "none")) {
            for (Map.Entry<String, Long> each : acknowledged.entrySet()) {
                UploadState state = spool.find(each.getKey(), SpoolProcess.TOKEN.id());
                assertTrue(each + " is at " + state.offset(), state.offset() >= each.getValue());
            }
        }
    }
}
