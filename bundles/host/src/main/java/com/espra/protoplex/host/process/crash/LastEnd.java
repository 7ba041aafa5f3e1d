package com.espra.protoplex.host.process.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the last process of a node ended, by what it left in the node's folder, which is its working folder. */
public final class LastEnd {

    private static final Logger LOG = LoggerFactory.getLogger(LastEnd.class);
    private static final String NOTE = "exit.txt";
    private static final String NODE = "node";

    private LastEnd() {}

    /** Notes for the next process why this one ended itself. */
    public static void note(Path data, String reason) {
        try {
            Files.writeString(data.resolve(NOTE), reason);
        } catch (IOException e) {
            LOG.warn("The next process is not told who ended this one: {}", e.getMessage());
        }
    }

    /**
     * Makes a crash report of what the last process left, so that it is kept within bounds.
     *
     * @return why it ended, for people; empty if it left nothing: it stopped in order, was killed, or lost its power
     */
    public static String take(Path data, CrashReports reports) {
        try {
            List<Path> left = left(data);
            if (left.isEmpty()) {
                return "";
            }
            String reason = reason(left);
            Instant ended = time(left.getLast());
            Path work = Files.createDirectories(data.resolve("last-process"));
            for (Path file : left) {
                Files.move(file, work.resolve(file.getFileName()));
            }
            reports.keep(new CrashReport(NODE, 0, ended, Duration.ZERO, reason, List.of(), List.of()), work);
            return reason + " (kept in " + data.getFileName() + "/crashes)";
        } catch (IOException e) {
            LOG.warn("What the last process left in {} cannot be kept as a crash report: {}", data, e.getMessage());
            return "";
        }
    }

    /** The oldest first. */
    private static List<Path> left(Path data) throws IOException {
        List<Path> left = new ArrayList<>();
        try (Stream<Path> files = Files.list(data)) {
            files.filter(file -> isLeft(file.getFileName().toString())).forEach(left::add);
        }
        left.sort(Comparator.comparing(LastEnd::time));
        return left;
    }

    private static boolean isLeft(String name) {
        return name.equals(NOTE) || name.matches("java_pid\\d+\\.hprof") || name.matches("hs_err_pid\\d+\\.log");
    }

    private static Instant time(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            return FileTime.fromMillis(0).toInstant();
        }
    }

    private static String reason(List<Path> left) throws IOException {
        Path last = left.getLast();
        String name = last.getFileName().toString();
        if (name.equals(NOTE)) {
            return Files.readString(last);
        }
        return name.endsWith(".hprof") ? "it ran out of memory, and left " + name : "the JVM crashed, and left " + name;
    }
}
