package com.espra.protoplex.host.process.crash;

import com.espra.protoplex.json.PlainJson;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last crash reports, each in a folder of its own that is the crashed child's work folder, renamed. Bounded in number and in bytes: heap
 * dumps of older crashes go first, then whole reports, the oldest first; the newest report is always kept, if not its heap dump. What is kept must
 * not fill the disk either: heap dumps go when less than a twentieth of it is free, and all reports when there is no room for the next child.
 */
public final class CrashReports {

    private static final Logger LOG = LoggerFactory.getLogger(CrashReports.class);

    /** How the line of a log begins by which a process says why it ends itself. */
    public static final String ENDS = "The process ends: ";

    private static final int MOST = 20;
    private static final long MOST_BYTES = 1L << 30;
    private static final String REPORT = "report.json";
    private static final String EXHAUSTED = "Terminating due to java.lang.OutOfMemoryError: ";
    private static final String DUMPING = "Dumping heap to ";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS").withZone(ZoneOffset.UTC);

    /** Dumps are for the curious; what the node writes is not. */
    private static final int FREE_PART = 20;

    /** What a child writes until it serves, with some to spare. */
    private static final long CHILD_BYTES = 4 << 20;

    private final Path folder;
    private final int most;
    private final long mostBytes;
    private final FreeBytes free;
    private volatile @Nullable CrashReport newest;

    /** How much room a disk has. */
    interface FreeBytes {

        /**
         * What is free, or the whole of it.
         *
         * @param folder a folder that exists
         */
        long of(Path folder, boolean whole) throws IOException;
    }

    /** Those of a node. */
    public static CrashReports ofNode(Path data) {
        return new CrashReports(data.resolve("crashes"), MOST, MOST_BYTES);
    }

    /**
     * Keeps reports in a folder.
     *
     * @param most how many are kept
     * @param mostBytes how large they may be in all
     */
    public CrashReports(Path folder, int most, long mostBytes) {
        this(folder, most, mostBytes, CrashReports::ofDisk);
    }

    CrashReports(Path folder, int most, long mostBytes, FreeBytes free) {
        this.folder = folder;
        this.most = most;
        this.mostBytes = mostBytes;
        this.free = free;
    }

    private static long ofDisk(Path folder, boolean whole) throws IOException {
        FileStore disk = Files.getFileStore(folder);
        return whole ? disk.getTotalSpace() : disk.getUsableSpace();
    }

    /** JVM options that have a crash leave its traces in the child's work folder, and an exhausted heap end the process. */
    public static List<String> jvmOptions(Path work) {
        return List.of(
                // The JVM puts its process id in the place of %p.
                "-XX:ErrorFile=" + work.toString().replace("%", "%%") + "/hs_err_%p.log",
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:HeapDumpPath=" + work,
                "-XX:+ExitOnOutOfMemoryError");
    }

    /**
     * Keeps a report. The child's work folder becomes the report's, without the folders in it: they are caches.
     *
     * @param report its files are ignored: they are those in the work folder
     * @param work the child's work folder
     * @throws IOException if there is no room for it, or the disk fails; what was there is as it was, but for heap dumps
     */
    public synchronized void keep(CrashReport report, Path work) throws IOException {
        Files.createDirectories(work);
        deleteFolders(work);
        Path target = folder.resolve(TIME.format(report.ended()) + "-" + report.child());
        try {
            write(report, work, target);
        } catch (IOException full) {
            // A heap dump has filled the disk, more often than not: without dumps there may be room.
            deleteDumps(work);
            for (Path other : folders()) {
                deleteDumps(other);
            }
            write(report, work, target);
        }
        bound();
        newest = report.with(Files.isDirectory(target) ? files(target) : List.of());
    }

    private void write(CrashReport report, Path work, Path target) throws IOException {
        Files.createDirectories(folder);
        // Written before it is moved: whoever lists the reports never meets half of one.
        Files.writeString(work.resolve(REPORT), PlainJson.write(report.json()));
        Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void deleteFolders(Path work) throws IOException {
        for (Path each : files(work)) {
            if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                Folders.delete(each);
            }
        }
    }

    private static void deleteDumps(Path report) throws IOException {
        for (Path file : files(report)) {
            if (isDump(file)) {
                Files.delete(file);
            }
        }
    }

    private static boolean isDump(Path file) {
        return file.toString().endsWith(".hprof");
    }

    /** The last report that this process has kept. */
    public Optional<CrashReport> newest() {
        return Optional.ofNullable(newest);
    }

    /** The reports, the newest first. One that cannot be read is left out. */
    public synchronized List<CrashReport> list() throws IOException {
        List<CrashReport> reports = new ArrayList<>();
        for (Path report : folders().reversed()) {
            try {
                reports.add(CrashReport.of(PlainJson.read(report.resolve(REPORT)), files(report)));
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
        long leastFree = free.of(folder, true) / FREE_PART;
        for (Path report : reports) {
            if (bytes() > mostBytes || free.of(folder, false) < leastFree) {
                deleteDumps(report);
            }
        }
        while (reports.size() > 1 && bytes() > mostBytes) {
            Folders.delete(reports.removeFirst());
        }
        while (!reports.isEmpty() && free.of(folder, false) < CHILD_BYTES) {
            LOG.warn("The disk is full: the crash report {} goes, so that a child can start", reports.getFirst());
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
        return new CrashReport(
                child,
                pid,
                ended,
                Duration.between(started, ended),
                reason + ownWords(lines, started),
                lines,
                List.of());
    }

    /**
     * What the process, or its JVM for want of memory, says before it ends, in words for a reason. A dump may take so long that the child
     * is killed in it. The log has the lines of earlier children of its place, too.
     */
    private static String ownWords(List<String> lines, Instant started) {
        for (String line : lines.reversed()) {
            int ends = line.indexOf(ENDS);
            if (ends >= 0 && !isBefore(line, started)) {
                return ": " + line.substring(ends + ENDS.length());
            }
            if (line.startsWith(EXHAUSTED)) {
                return ": it ran out of memory (" + line.substring(EXHAUSTED.length()) + ")";
            }
            if (line.startsWith(DUMPING)) {
                return ": it ran out of memory";
            }
        }
        return "";
    }

    private static boolean isBefore(String line, Instant started) {
        try {
            return Instant.parse(line.substring(0, Math.max(0, line.indexOf(' '))))
                    .isBefore(started);
        } catch (DateTimeParseException e) {
            return true;
        }
    }
}
