package com.espra.protoplex.cli.logs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A record of a node's log.
 *
 * @param node the node that wrote it
 * @param time as it was written: {@code 2026-01-31T12:00:00.123Z}
 * @param level ERROR, WARN, INFO, DEBUG or TRACE
 * @param thread the thread that logged
 * @param logger the name of its logger; {@code console} and {@code access} for the lines of these files
 * @param app the app that wrote it; empty when the platform did
 * @param generation the number of the app's generation in its process; may be empty
 * @param request the id of the request that was handled; may be empty
 * @param message what was said, with the lines of a stack trace
 * @param text the record as it stands in the file
 */
public record LogRecord(
        String node,
        String time,
        String level,
        String thread,
        String logger,
        String app,
        String generation,
        String request,
        String message,
        String text) {

    private static final Pattern RECORD = Pattern.compile(
            "(?<time>\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d[,.]\\d{3}\\S*) +(?<level>ERROR|WARN|INFO|DEBUG|TRACE) +"
                    + "\\[(?<thread>.*?)] (?<logger>\\S*) app=(?<app>\\S*)"
                    + "(?: generation=(?<generation>\\S+))?(?: request=(?<request>\\S+))? - (?<message>.*)");

    /** See docs/decisions/0031: who answered is {@code app@app-1}, with the number of its generation. */
    private static final Pattern ACCESS = Pattern.compile(
            "(?<time>\\S+) .* \\d+ \\d+ \\d+us (?<request>\\S+) (?<app>[^@ ]*)(?:@\\S*-(?<generation>\\d+)|\\S*) \"[^\"]*\"");

    /** A record from its first line, or null if the line continues an earlier record. */
    static @Nullable LogRecord begin(String node, String line) {
        Matcher record = RECORD.matcher(line);
        return record.matches()
                ? new LogRecord(
                        node,
                        record.group("time"),
                        record.group("level"),
                        record.group("thread"),
                        record.group("logger"),
                        record.group("app"),
                        orEmpty(record.group("generation")),
                        orEmpty(record.group("request")),
                        record.group("message"),
                        line)
                : null;
    }

    /** A line of an access log. */
    static LogRecord access(String node, String line) {
        Matcher access = ACCESS.matcher(line);
        boolean known = access.matches();
        String time = known ? access.group("time") : line.split(" ", 2)[0];
        String app = known ? access.group("app") : "";
        String generation = known ? orEmpty(access.group("generation")) : "";
        String request = known ? access.group("request") : "";
        return new LogRecord(node, time, "INFO", "", "access", app, generation, request, line, line);
    }

    /** A line of what a process printed: by the JVM and the platform, who give it no time. It has that of its file. */
    static LogRecord console(String node, Instant written, String line) {
        String time = written.truncatedTo(ChronoUnit.MILLIS).toString();
        return new LogRecord(node, time, "INFO", "", "console", "", "", "", line, line);
    }

    LogRecord and(String line) {
        return new LogRecord(
                node, time, level, thread, logger, app, generation, request, message + "\n" + line, text + "\n" + line);
    }

    /** What came later of a record that was shown already. */
    LogRecord later(String line) {
        return new LogRecord(node, time, level, thread, logger, app, generation, request, line, line);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
