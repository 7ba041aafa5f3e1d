package com.espra.protoplex.host.config;

import com.espra.protoplex.host.StartException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A key of node.json.
 *
 * @param path its dotted path; {@code *} stands for a name that the user chooses, such as that of a listener
 * @param type what its value is
 * @param standard the value when it is not given
 * @param min the smallest value, of numbers
 * @param max the largest value, of numbers
 * @param choices the values that there are, of choices
 * @param meaning for people
 */
record Key(String path, Type type, Object standard, long min, long max, List<String> choices, String meaning) {

    /** The value of a count that depends on the machine. */
    static final String CORES = "cores";

    enum Type {
        TEXT,
        CHOICE,
        /** One of a few texts, or an absolute path. */
        CHOICE_OR_PATH,
        NUMBER,
        FLAG,
        TEXTS,
        /** A number, or "cores". */
        COUNT,
        /** Anything: an object whose keys belong to somebody else. */
        OPEN
    }

    static Key text(String path, String standard, String meaning) {
        return new Key(path, Type.TEXT, standard, 0, 0, List.of(), meaning);
    }

    /** One of a few texts; the first is the standard. */
    static Key choice(String path, List<String> choices, String meaning) {
        return new Key(path, Type.CHOICE, choices.getFirst(), 0, 0, choices, meaning);
    }

    /** One of a few texts, the first of which is the standard, or an absolute path. */
    static Key choiceOrPath(String path, List<String> choices, String meaning) {
        return new Key(path, Type.CHOICE_OR_PATH, choices.getFirst(), 0, 0, choices, meaning);
    }

    static Key number(String path, long standard, long min, long max, String meaning) {
        return new Key(path, Type.NUMBER, standard, min, max, List.of(), meaning);
    }

    /** A number, or "cores": as many as the machine's processors allow. */
    static Key count(String path, long standard, long max, String meaning) {
        return new Key(path, Type.COUNT, standard, 0, max, List.of(), meaning);
    }

    static Key flag(String path, boolean standard, String meaning) {
        return new Key(path, Type.FLAG, standard, 0, 0, List.of(), meaning);
    }

    static Key texts(String path, List<String> standard, String meaning) {
        return new Key(path, Type.TEXTS, standard, 0, 0, List.of(), meaning);
    }

    static Key open(String path, String meaning) {
        return new Key(path, Type.OPEN, Map.of(), 0, 0, List.of(), meaning);
    }

    /** The environment variable that overrides the key: {@code limits.headerBytes} is PROTOPLEX_LIMITS_HEADER_BYTES. */
    static String variable(String path) {
        return "PROTOPLEX_"
                + path.replaceAll("([a-z])([A-Z])", "$1_$2")
                        .replace('.', '_')
                        .replace('-', '_')
                        .toUpperCase(Locale.ROOT);
    }

    /** The value that a text of the environment stands for. */
    Object parse(String text, String where) throws StartException {
        return switch (type) {
            case TEXT -> text;
            case CHOICE, CHOICE_OR_PATH -> check(text, where);
            case NUMBER, COUNT -> {
                try {
                    yield check(
                            type == Type.COUNT && text.strip().equals(CORES) ? CORES : Long.valueOf(text.strip()),
                            where);
                } catch (NumberFormatException e) {
                    throw wrong(text, where);
                }
            }
            case FLAG -> {
                if (!text.equals("true") && !text.equals("false")) {
                    throw wrong(text, where);
                }
                yield Boolean.valueOf(text);
            }
            case TEXTS ->
                Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(s -> !s.isEmpty())
                        .toList();
            case OPEN -> throw new StartException(where + ": an object cannot be given by an environment variable");
        };
    }

    /** The value, if it fits the key. */
    Object check(Object value, String where) throws StartException {
        boolean fits = switch (type) {
            case TEXT -> value instanceof String;
            case CHOICE -> choices.contains(value);
            case CHOICE_OR_PATH -> choices.contains(value) || (value instanceof String path && path.startsWith("/"));
            case NUMBER -> value instanceof Long n && n >= min && n <= max;
            case COUNT -> CORES.equals(value) || (value instanceof Long n && n >= min && n <= max);
            case FLAG -> value instanceof Boolean;
            case TEXTS -> value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
            case OPEN -> value instanceof Map;
        };
        if (!fits) {
            throw wrong(value, where);
        }
        return value instanceof List<?> list ? new ArrayList<>(list) : value;
    }

    private StartException wrong(Object value, String where) {
        String wanted = switch (type) {
            case TEXT -> "a text";
            case CHOICE -> String.join(" or ", choices);
            case CHOICE_OR_PATH -> String.join(" or ", choices) + " or an absolute path";
            case NUMBER -> "a whole number from " + min + " to " + max;
            case COUNT -> "\"cores\" or a whole number from " + min + " to " + max;
            case FLAG -> "true or false";
            case TEXTS -> "a list of texts";
            case OPEN -> "an object";
        };
        return new StartException(where + " is " + value + ", and must be " + wanted + " (" + meaning + ")");
    }
}
