package com.espra.protoplex.cli.logs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A record of a node's log.
 *
 * @param node the node that wrote it
 * @param time its local time, as it was written: {@code 2026-01-31 12:00:00,123}
 * @param level ERROR, WARN, INFO, DEBUG or TRACE
 * @param app the app that wrote it; empty when the platform did
 * @param text the record as it stands in the file, with the lines of a stack trace
 */
public record LogRecord(String node, String time, String level, String app, String text) {

    private static final Pattern HEAD = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d[,.]\\d{3})\\S* +(ERROR|WARN|INFO|DEBUG|TRACE) .*?");
    private static final Pattern APP = Pattern.compile(" app=(\\S*) - ");

    /** A record from its first line, or null if the line continues an earlier record. */
    static @Nullable LogRecord begin(String node, String line) {
        Matcher head = HEAD.matcher(line);
        if (!head.matches()) {
            return null;
        }
        Matcher app = APP.matcher(line);
        return new LogRecord(node, head.group(1), head.group(2), app.find() ? app.group(1) : "", line);
    }

    LogRecord and(String line) {
        return new LogRecord(node, time, level, app, text + "\n" + line);
    }
}
