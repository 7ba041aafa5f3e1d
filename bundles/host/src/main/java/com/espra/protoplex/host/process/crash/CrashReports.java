package com.espra.protoplex.host.process.crash;

import com.espra.protoplex.host.config.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last crash reports, each in a folder of its own that is the crashed child's work folder, renamed. Bounded in number and in bytes: heap
 * dumps of older crashes go first, then whole reports, the oldest first; the newest report is always kept, if not its heap dump.
 */
public final class CrashReports {

    private static final Logger LOG = LoggerFactory.getLogger(CrashReports.class);
    private static final String REPORT = "report.json";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final int most;
    private final long mostBytes;

    /**
     * Keeps reports in a folder.
     *
     * @param most how many are kept
     * @param mostBytes how large they may be in all
     */
    public CrashReports(Path folder, int most, long mostBytes) {
        this.folder = folder;
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** JVM options that have a crash leave its traces in the child's work folder, and an exhausted heap end the process. */
    public static List<String> jvmOptions(Path work) {
        return List.of(
                "-XX:ErrorFile=" + work.resolve("hs_err_%p.log"),
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:HeapDumpPath=" + work,
                "-XX:+ExitOnOutOfMemoryError");
    }

    /**
     * Keeps a report. The child's work folder becomes the report's.
     *
     * @param report its files are ignored: they are those in the work folder
     * @param work the child's work folder
     */
    public synchronized void keep(CrashReport report, Path work) throws IOException {
        Files.createDirectories(folder);
        Path target = folder.resolve(TIME.format(report.ended()) + "-" + report.child());
        Files.createDirectories(work);
        Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
        Files.writeString(target.resolve(REPORT), Json.write(report.json()));
        bound();
    }

    /** The reports, the newest first. One that cannot be read is left out. */
    public synchronized List<CrashReport> list() throws IOException {
        List<CrashReport> reports = new ArrayList<>();
        for (Path report : folders().reversed()) {
            try {
                reports.add(CrashReport.of(Json.read(report.resolve(REPORT)), files(report)));
            } catch (IOException e) {
                LOG.warn("The crash report in {} cannot be read: {}", report, e.getMessage());
            }
        }
        return reports;
    }

    private void bound() throws IOException {
        List<Path> reports = folders();
        while (reports.size() > most) {
            Folders.delete(reports.removeFirst());
        }
        for (Path report : reports) {
            for (Path file : files(report)) {
                if (bytes() > mostBytes && file.toString().endsWith(".hprof")) {
                    Files.delete(file);
                }
            }
        }
        while (reports.size() > 1 && bytes() > mostBytes) {
            Folders.delete(reports.removeFirst());
        }
    }

    /** The oldest first: their names begin with the time. */
    private List<Path> folders() throws IOException {
        if (!Files.isDirectory(folder)) {
            return new ArrayList<>();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return new ArrayList<>(list.filter(Files::isDirectory)
                    .sorted(Comparator.comparing(Path::getFileName))
                    .toList());
        }
    }

    private static List<Path> files(Path report) throws IOException {
        try (Stream<Path> list = Files.list(report)) {
            return list.filter(file -> !file.endsWith(REPORT)).sorted().toList();
        }
    }

    private long bytes() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toFile)
                    .mapToLong(file -> file.isFile() ? file.length() : 0)
                    .sum();
        }
    }

    /** The report of a child that ends now. */
    public static CrashReport of(String child, long pid, Instant started, String reason, List<Path> logs) {
        Instant ended = Instant.now();
        List<String> lines = new ArrayList<>();
        for (Path log : logs) {
            lines.addAll(LastLines.of(log));
        }
        return new CrashReport(child, pid, ended, Duration.between(started, ended), reason, lines, List.of());
    }
}
