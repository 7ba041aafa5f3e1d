package com.espra.protoplex.datastore.engine;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A process that writes is killed, again and again: what it has acknowledged is there. With {@code -Dsoak=true} it is killed 200 times. */
public class KillTest {

    private static final int KILLS = Boolean.getBoolean("soak") ? 200 : 3;
    private static final int MOST_WRITES = 300;
    private static final int THREADS = 4;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Writes pairs of keys, each pair in one commit, and says so when it is acknowledged. */
    public static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws Exception {
            Store store = new Store(Path.of(args[0]), 0, KillTest::micros);
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                Thread.ofPlatform().start(() -> {
                    for (int n = 0; ; n++) {
                        String name = args[1] + "-" + thread + "-" + n;
                        store.commit(new ReadSet(0), writer -> {
                            writer.put(bytes("a" + name), bytes(name));
                            writer.put(bytes("b" + name), bytes(name));
                            return true;
                        });
                        synchronized (System.out) {
                            System.out.println(name);
                            System.out.flush();
                        }
                    }
                });
            }
        }
    }

    private static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** No key may be the beginning of another one. */
    private static byte[] bytes(String text) {
        return (text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    public void whatWasAcknowledgedOutlivesEachKill() throws Exception {
        Path store = folder.getRoot().toPath().resolve("store");
        Random random = new Random();
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < KILLS; round++) {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            store.toString(),
                            Integer.toString(round))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int before = acknowledged.size();
            int writes = 1 + random.nextInt(MOST_WRITES);
            try (BufferedReader said = process.inputReader(StandardCharsets.US_ASCII)) {
                for (String name = said.readLine(); name != null; name = said.readLine()) {
                    // The last line may be a part of one.
                    if (name.chars().filter(c -> c == '-').count() == 2 && acknowledged.size() < before + writes) {
                        acknowledged.add(name);
                    }
                    if (acknowledged.size() == before + writes) {
                        process.destroyForcibly();
                        break;
                    }
                }
            }
            assertTrue("it ends", process.waitFor(30, TimeUnit.SECONDS));
            assertEquals("it has written", before + writes, acknowledged.size());
        }
        try (Store again = new Store(store, 0, KillTest::micros)) {
            again.verify();
            for (String name : acknowledged) {
                assertArrayEquals(name, bytes(name), again.get(bytes("a" + name), again.version()));
            }
            long pairs = 0;
            try (Scan all = again.scan(bytes("a"), new byte[0], again.version())) {
                for (Scan.Row row = all.next(); row != null; row = all.next()) {
                    pairs += row.key()[0] == 'a' ? 1 : -1;
                }
            }
            assertEquals("no commit is there by half", 0, pairs);
        }
    }
}
