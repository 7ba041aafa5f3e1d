package com.espra.protoplex.cli.logs;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which records the user wants to see.
 *
 * @param app of this app only
 * @param level of this level and above
 * @param text with this text in them, whatever the case
 */
public record LogFilter(Optional<String> app, Optional<String> level, Optional<String> text)
        implements Predicate<LogRecord> {

    /** The levels, the gravest first. */
    public static final List<String> LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    @Override
    public boolean test(LogRecord record) {
        return app.map(record.app()::equals).orElse(true)
                && level.map(least -> LEVELS.indexOf(record.level()) <= LEVELS.indexOf(least))
                        .orElse(true)
                && text.map(part -> containsIgnoringCase(record.text(), part)).orElse(true);
    }

    private static boolean containsIgnoringCase(String text, String part) {
        for (int at = 0; at + part.length() <= text.length(); at++) {
            if (text.regionMatches(true, at, part, 0, part.length())) {
                return true;
            }
        }
        return false;
    }
}
