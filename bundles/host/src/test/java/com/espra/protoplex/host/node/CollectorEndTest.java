package com.espra.protoplex.host.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.host.process.crash.CrashReports;
import com.espra.protoplex.host.process.crash.LastEnd;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The JVM's own count of its collections, and a process that ends for it. */
public class CollectorEndTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void theNextProcessKnowsThatTheLastOneOnlyCollected() throws Exception {
        Path data = folder.getRoot().toPath();
        Process node = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OnlyCollecting.class.getName(),
                        data.toString()))
                .inheritIO()
                .start();
        try {
            assertTrue("it ends by itself", node.waitFor(60, TimeUnit.SECONDS));
            assertEquals(4, node.exitValue());
        } finally {
            node.destroyForcibly().waitFor();
        }

        String end = LastEnd.take(data, new CrashReports(data.resolve("crashes"), 3, 1_000_000));
        assertTrue(end, end.startsWith("it did nothing but collect garbage: "));
        assertTrue(end, end.contains("Give it more heap"));
    }
}
