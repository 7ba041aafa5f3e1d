package com.espra.protoplex.host.process.crash;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LastEndTest {

    private static final long DUMP_BYTES = 1000;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path data;
    private CrashReports reports;

    @Before
    public void open() {
        data = folder.getRoot().toPath();
        reports = new CrashReports(data.resolve("crashes"), 3, 2 * DUMP_BYTES + 1000);
    }

    private void leave(String name, int second, byte[] content) throws Exception {
        Path file = Files.write(data.resolve(name), content);
        Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1000L));
    }

    private long dumps() throws Exception {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(file -> file.toString().endsWith(".hprof")).count();
        }
    }

    @Test
    public void whoLeftNothingStoppedOrWasKilled() {
        assertEquals("", LastEnd.take(data, reports));
    }

    @Test
    public void aCallOfExitIsTold() throws Exception {
        LastEnd.note(data, "System.exit was called by hello.Hello.init(Hello.java:5)");

        assertTrue(LastEnd.take(data, reports).startsWith("System.exit was called by hello.Hello.init(Hello.java:5)"));

        assertEquals("once", "", LastEnd.take(data, reports));
        assertEquals(
                List.of("node"), reports.list().stream().map(CrashReport::child).toList());
    }

    @Test
    public void aCrashOfTheJvmIsTold() throws Exception {
        leave("hs_err_pid7.log", 1, new byte[1]);

        assertTrue(LastEnd.take(data, reports).startsWith("the JVM crashed, and left hs_err_pid7.log"));
    }

    @Test
    public void heapDumpsAreBoundedInBytesAndNumber() throws Exception {
        for (int i = 1; i <= 6; i++) {
            leave("java_pid" + i + ".hprof", i, new byte[(int) DUMP_BYTES]);

            assertTrue(
                    LastEnd.take(data, reports).startsWith("it ran out of memory, and left java_pid" + i + ".hprof"));
            assertTrue(dumps() + " heap dumps", dumps() <= 2);
        }
        assertEquals(3, reports.list().size());
        assertTrue("the newest is kept", reports.list().getFirst().evidence().isPresent());
    }
}
