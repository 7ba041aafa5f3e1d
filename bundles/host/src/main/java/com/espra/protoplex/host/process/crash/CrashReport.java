package com.espra.protoplex.host.process.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The end of a child.
 *
 * @param child which, such as child-0.7
 * @param pid its process; 0 when it could not be started
 * @param ended when it ended
 * @param uptime how long it ran
 * @param reason why it ended: exit status, signal, silence, ...
 * @param lastLines the last lines that it wrote and logged, the newest last
 * @param files what it left: the JVM's error file (hs_err), heap dumps, its output
 */
public record CrashReport(
        String child,
        long pid,
        Instant ended,
        Duration uptime,
        String reason,
        List<String> lastLines,
        List<Path> files) {

    /** What is of most use to whoever looks into it: a heap dump, else the JVM's error file; empty when there is neither. */
    public Optional<Path> evidence() {
        return first(".hprof")
                .or(() -> first(".log")
                        .filter(file -> file.getFileName().toString().startsWith("hs_err")));
    }

    private Optional<Path> first(String ending) {
        return files.stream().filter(file -> file.toString().endsWith(ending)).findFirst();
    }

    CrashReport with(List<Path> its) {
        return new CrashReport(child, pid, ended, uptime, reason, lastLines, its);
    }

    Map<String, Object> json() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("child", child);
        object.put("pid", pid);
        object.put("ended", ended.toString());
        object.put("uptimeMillis", uptime.toMillis());
        object.put("reason", reason);
        object.put("lastLines", lastLines);
        return object;
    }

    /** Of a report's object, and the files beside it. */
    static CrashReport of(Map<String, Object> object, List<Path> files) throws IOException {
        if (object.get("child") instanceof String child
                && object.get("pid") instanceof Long pid
                && object.get("ended") instanceof String ended
                && object.get("uptimeMillis") instanceof Long uptime
                && object.get("reason") instanceof String reason
                && object.get("lastLines") instanceof List<?> lines) {
            try {
                List<String> lastLines = lines.stream().map(String::valueOf).toList();
                return new CrashReport(
                        child, pid, Instant.parse(ended), Duration.ofMillis(uptime), reason, lastLines, files);
            } catch (DateTimeException e) {
                throw new IOException("'" + ended + "' is no time", e);
            }
        }
        throw new IOException("it is no crash report");
    }
}
