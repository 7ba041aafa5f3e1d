package com.espra.protoplex.control;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The members of a map, of the types that they must have; those that nobody asks for are let pass. */
record Fields(Map<?, ?> members) {

    static Fields of(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return new Fields(map);
        }
        throw new IllegalArgumentException("'" + value + "' is no object");
    }

    String text(String name) {
        return member(name, String.class, "a text");
    }

    long number(String name) {
        return member(name, Long.class, "a whole number");
    }

    boolean flag(String name) {
        return member(name, Boolean.class, "true or false");
    }

    Fields object(String name) {
        return new Fields(member(name, Map.class, "an object"));
    }

    Duration micros(String name) {
        return Duration.ofNanos(number(name) * 1000);
    }

    Duration millis(String name) {
        return Duration.ofMillis(number(name));
    }

    Instant instant(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + name + "' is no time: " + e.getMessage(), e);
        }
    }

    <E extends Enum<E>> E constant(String name, Class<E> type) {
        try {
            return Enum.valueOf(type, text(name));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no " + type.getSimpleName() + ": " + members.get(name), e);
        }
    }

    <T> List<T> list(String name, Function<Object, T> element) {
        List<?> list = member(name, List.class, "a list");
        return list.stream().<T>map(element).toList();
    }

    List<String> texts(String name) {
        return list(name, String::valueOf);
    }

    private <T> T member(String name, Class<T> type, String wanted) {
        Object value = members.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("'" + name + "' must be " + wanted + ", and is " + value);
        }
        return type.cast(value);
    }
}
