package com.espra.protoplex.fleet.config;

import java.util.Collection;
import java.util.stream.Collectors;

/** The types of values that come without one. */
final class PlainTypes {

    private PlainTypes() {}

    /** What a plain JSON value is when it comes to a component. */
    static String of(Object value) {
        return switch (value) {
            case Collection<?> many ->
                (many.isEmpty() ? "String" : of(many.iterator().next())) + "[]";
            case Boolean _ -> "Boolean";
            case Float _, Double _, java.math.BigDecimal _ -> "Double";
            case Number _ -> "Long";
            default -> "String";
        };
    }

    /** The value as one would type it. */
    static String text(Object value) {
        return value instanceof Collection<?> many
                ? many.stream()
                        .map(each -> String.valueOf(each).replace("\\", "\\\\").replace(",", "\\,"))
                        .collect(Collectors.joining(","))
                : String.valueOf(value);
    }
}
