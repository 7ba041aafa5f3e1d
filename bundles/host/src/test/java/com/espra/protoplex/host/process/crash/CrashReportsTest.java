package com.espra.protoplex.host.process.crash;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CrashReportsTest {

    private long disk = 1L << 40;

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aReportIsReadAsItWasKept() throws IOException {
        CrashReports reports = reports(5, 1 << 20);
        Path work = work("child-0.1", "one\ntwo\n", 10);
        CrashReport report = CrashReports.of("child-0.1", 42, START, "signal 11", List.of(work.resolve("output.log")));

        reports.keep(report, work);

        CrashReport read = reports.list().getFirst();
        assertEquals(List.of("one", "two"), read.lastLines());
        assertEquals("child-0.1", read.child());
        assertEquals(42, read.pid());
        assertEquals("signal 11", read.reason());
        assertEquals(report.uptime().toMillis(), read.uptime().toMillis());
        assertEquals(
                List.of("heap.hprof", "output.log"),
                read.files().stream().map(file -> file.getFileName().toString()).toList());
        assertTrue("the work folder has become the report's", Files.notExists(work));
    }

    @Test
    public void theOldestGoFirst() throws IOException {
        CrashReports reports = reports(3, 1 << 20);
        for (int i = 1; i <= 5; i++) {
            keep(reports, i, 10);
        }
        assertEquals(List.of("child-0.5", "child-0.4", "child-0.3"), names(reports));
    }

    @Test
    public void heapDumpsOfOlderCrashesGoBeforeReportsDo() throws IOException {
        CrashReports reports = reports(10, 5_000);
        for (int i = 1; i <= 4; i++) {
            keep(reports, i, 2_000);
        }
        assertEquals(List.of("child-0.4", "child-0.3", "child-0.2", "child-0.1"), names(reports));
        assertEquals(
                "dumps",
                List.of(true, true, false, false),
                reports.list().stream()
                        .map(report -> report.files().toString().contains(".hprof"))
                        .toList());
    }

    @Test
    public void aDumpThatIsTooLargeGoesAndItsReportStays() throws IOException {
        CrashReports reports = reports(10, 5_000);
        keep(reports, 1, 10_000);
        assertEquals(List.of("child-0.1"), names(reports));
        assertEquals(1, reports.list().getFirst().files().size());
    }

    @Test
    public void heapDumpsLeaveADiskThatIsNearlyFull() throws IOException {
        disk = 100 << 20;
        CrashReports reports = reports(10, 1 << 30);
        keep(reports, 1, 6 << 20);
        keep(reports, 2, 91 << 20);
        assertEquals(List.of("child-0.2", "child-0.1"), names(reports));
        assertEquals(
                "dumps: the older one goes, and that is enough",
                List.of(true, false),
                reports.list().stream()
                        .map(report -> report.evidence().isPresent())
                        .toList());

        keep(reports, 3, 10 << 20);
        assertEquals(
                List.of(true, false, false),
                reports.list().stream()
                        .map(report -> report.evidence().isPresent())
                        .toList());
    }

    @Test
    public void reportsLeaveADiskThatHasNoRoomForAChild() throws IOException {
        disk = 5 << 20;
        CrashReports reports = reports(10, 1 << 30);
        keep(reports, 1, 100);
        assertEquals(List.of("child-0.1"), names(reports));

        disk = 3 << 20;
        keep(reports, 2, 100);
        assertEquals(List.of(), names(reports));
    }

    @Test
    public void cachesAreNotKept() throws IOException {
        CrashReports reports = reports(10, 1 << 20);
        Files.createDirectories(folder.getRoot().toPath().resolve("child-0.1/framework/bundle1"));
        keep(reports, 1, 10);
        assertEquals(2, reports.list().getFirst().files().size());
    }

    @Test
    public void anExhaustedHeapIsNamed() throws IOException {
        Path output = folder.newFile().toPath();
        Files.writeString(output, "java.lang.OutOfMemoryError: Java heap space\nDumping heap to /x.hprof ...\n");
        assertEquals("killed: it ran out of memory", reason(output));
        Files.writeString(output, "Terminating due to java.lang.OutOfMemoryError: Metaspace\nbye\n");
        assertEquals("killed: it ran out of memory (Metaspace)", reason(output));
        Files.writeString(output, "java.lang.OutOfMemoryError: of an app that caught it\n");
        assertEquals("killed", reason(output));
    }

    @Test
    public void aProcessThatEndsItselfSaysWhy() throws IOException {
        Path log = folder.newFile().toPath();
        String ends =
                " ERROR [stop] com.espra.protoplex.host.node.Stop app= - The process ends: System.exit was called by x\n";
        Files.writeString(log, START.plusSeconds(1) + ends);
        assertEquals("killed: System.exit was called by x", reason(log));
        Files.writeString(log, START.minusSeconds(1) + ends);
        assertEquals("that was another child", "killed", reason(log));
    }

    private static String reason(Path output) {
        return CrashReports.of("child-0.1", 1, START, "killed", List.of(output)).reason();
    }

    @Test
    public void aDamagedReportDoesNotHideTheOthers() throws IOException {
        CrashReports reports = reports(10, 1 << 20);
        keep(reports, 1, 10);
        Path damaged = folder.getRoot().toPath().resolve("crashes/20990101-000000.000-child-0.9");
        Files.createDirectories(damaged);
        Files.writeString(damaged.resolve("report.json"), "{");

        assertEquals(List.of("child-0.1"), names(reports));
    }

    @Test
    public void onlyTheLastLinesAreKept() throws IOException {
        Path log = folder.newFile().toPath();
        Files.write(log, IntStream.range(0, 5_000).mapToObj(i -> "line " + i).toList());

        List<String> lines = LastLines.of(log);

        assertEquals(100, lines.size());
        assertEquals("line 4999", lines.getLast());
        assertEquals("line 4900", lines.getFirst());
        assertEquals(List.of(), LastLines.of(log.resolveSibling("missing")));
    }

    private CrashReports reports(int most, long mostBytes) {
        return new CrashReports(folder.getRoot().toPath().resolve("crashes"), most, mostBytes, this::free);
    }

    private long free(Path where, boolean whole) throws IOException {
        try (Stream<Path> all = Files.walk(where)) {
            return whole
                    ? disk
                    : disk - all.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private void keep(CrashReports reports, int number, int dumpBytes) throws IOException {
        String child = "child-0." + number;
        Path work = work(child, "x\n", dumpBytes);
        CrashReport report = CrashReports.of(child, number, START, "signal 9", List.of());
        reports.keep(
                new CrashReport(
                        child,
                        number,
                        START.plusSeconds(number),
                        report.uptime(),
                        report.reason(),
                        List.of(),
                        List.of()),
                work);
    }

    private Path work(String child, String output, int dumpBytes) throws IOException {
        Path work = folder.getRoot().toPath().resolve(child);
        Files.createDirectories(work);
        Files.writeString(work.resolve("output.log"), output);
        Files.write(work.resolve("heap.hprof"), new byte[dumpBytes]);
        return work;
    }

    private static List<String> names(CrashReports reports) throws IOException {
        return reports.list().stream().map(CrashReport::child).toList();
    }
}
