package com.espra.protoplex.cli.logs;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far a file was told, as a node's cursor has it: {@code node.log:1234:56789;...}. One that says it otherwise has no places.
 *
 * @param name of the file
 * @param key which file of that name it is
 * @param offset of the next byte
 */
record LogPlace(String name, String key, long offset) {

    private static final Pattern PLACE =
            Pattern.compile("([A-Za-z0-9._-]{1,64}\\.log):([A-Za-z0-9]{1,40}):([0-9]{1,18})");

    static List<LogPlace> of(String cursor) {
        return Stream.of(cursor.split(";"))
                .flatMap(each -> parsed(each).stream())
                .toList();
    }

    private static Optional<LogPlace> parsed(String text) {
        Matcher matcher = PLACE.matcher(text);
        return matcher.matches()
                ? Optional.of(new LogPlace(matcher.group(1), matcher.group(2), Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    static String cursor(List<LogPlace> places) {
        return places.stream()
                .map(place -> place.name() + ":" + place.key() + ":" + place.offset())
                .collect(Collectors.joining(";"));
    }

    /** So many bytes before; its begin, if it is shorter. */
    LogPlace before(long bytes) {
        return new LogPlace(name, key, Math.max(0, offset - bytes));
    }

    /** Whether a file of these, if it is still there, has not been told as far. */
    static boolean isBefore(String cursor, List<LogPlace> ends) {
        List<LogPlace> now = of(cursor);
        return ends.stream()
                .anyMatch(end -> now.stream()
                        .anyMatch(place -> place.name().equals(end.name())
                                && place.key().equals(end.key())
                                && place.offset() < end.offset()));
    }
}
