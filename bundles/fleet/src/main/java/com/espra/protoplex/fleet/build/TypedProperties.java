package com.espra.protoplex.fleet.build;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The properties of a configuration with the types of OSGi Compendium 8.1, section 150.3.4: {@code "size:Integer"}, {@code "ports:int[]"},
 * {@code "names:Collection<String>"}; without a type a text, a Long, a Double, a Boolean, or an array of one of them.
 */
public final class TypedProperties {

    private static final String ARRAY = "[]";
    private static final String COLLECTION = "Collection";
    private static final String TYPES =
            "use String, Integer, Long, Float, Double, Byte, Short, Character or Boolean, one of them or of int, long, float, double, byte,"
                    + " short, char, boolean with [] behind it, Collection, or Collection<...> of one of the first";

    private static final Map<String, Class<?>> SCALARS = Map.of(
            "String", String.class,
            "Integer", Integer.class,
            "Long", Long.class,
            "Float", Float.class,
            "Double", Double.class,
            "Byte", Byte.class,
            "Short", Short.class,
            "Character", Character.class,
            "Boolean", Boolean.class);

    private static final Map<String, Class<?>> PRIMITIVES = Map.of(
            "int", int.class,
            "long", long.class,
            "float", float.class,
            "double", double.class,
            "byte", byte.class,
            "short", short.class,
            "char", char.class,
            "boolean", boolean.class);

    private TypedProperties() {}

    /**
     * The properties as a component gets them.
     *
     * @param pid whose they are, for people
     * @param plain name, or name and type, to plain JSON value
     * @throws BuildException if a type is not known, or a value is not of it
     */
    public static Map<String, Object> of(String pid, Map<String, Object> plain) throws BuildException {
        Map<String, Object> typed = new LinkedHashMap<>();
        for (Map.Entry<String, Object> property : plain.entrySet()) {
            String key = property.getKey();
            int colon = key.lastIndexOf(':');
            String name = colon < 0 ? key : key.substring(0, colon);
            String where = "configuration '" + pid + "': '" + key + "'";
            if (name.isBlank()) {
                throw new BuildException(where + " has no name", "write \"name:Type\", or \"name\" alone");
            }
            try {
                Object value = colon < 0
                        ? plain(property.getValue())
                        : value(key.substring(colon + 1), property.getValue(), where);
                if (typed.put(name, value) != null) {
                    throw new BuildException(where + " is there twice", "name each property once");
                }
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new BuildException(
                        where + " cannot have the value " + property.getValue() + ": " + e.getMessage(),
                        "give it a value of its type",
                        e);
            }
        }
        return typed;
    }

    private static Object value(String type, Object value, String where) throws BuildException {
        if (type.endsWith(ARRAY)) {
            String element = type.substring(0, type.length() - ARRAY.length());
            Class<?> of = SCALARS.getOrDefault(element, PRIMITIVES.get(element));
            return array(known(of, where), many(value));
        }
        if (type.equals(COLLECTION)) {
            return elements(common(many(value)), many(value));
        }
        if (type.startsWith(COLLECTION + "<") && type.endsWith(">")) {
            Class<?> of = SCALARS.get(type.substring(COLLECTION.length() + 1, type.length() - 1));
            return elements(known(of, where), many(value));
        }
        return scalar(known(SCALARS.get(type), where), value);
    }

    private static Class<?> known(@org.jspecify.annotations.Nullable Class<?> type, String where)
            throws BuildException {
        if (type == null) {
            throw new BuildException(where + " has no type that a configuration can have", TYPES);
        }
        return type;
    }

    private static Object plain(Object value) {
        return value instanceof Collection<?> many ? array(common(many), many) : scalar(common(List.of(value)), value);
    }

    /** What all values are; texts, if they have nothing else in common. */
    private static Class<?> common(Collection<?> values) {
        Set<Class<?>> types = new java.util.HashSet<>();
        values.forEach(value -> types.add(own(value)));
        return types.size() == 1 ? types.iterator().next() : String.class;
    }

    private static Class<?> own(Object value) {
        return switch (value) {
            case Boolean _ -> Boolean.class;
            case Double _, Float _, BigDecimal _ -> Double.class;
            case Number _ -> Long.class;
            default -> String.class;
        };
    }

    /** A single value is a list of one. */
    private static Collection<?> many(Object value) {
        return value instanceof Collection<?> many ? many : List.of(value);
    }

    private static Object array(Class<?> type, Collection<?> values) {
        Object array = Array.newInstance(type, values.size());
        int i = 0;
        for (Object value : values) {
            Array.set(array, i, scalar(type, value));
            i++;
        }
        return array;
    }

    private static List<Object> elements(Class<?> type, Collection<?> values) {
        List<Object> elements = new ArrayList<>();
        values.forEach(value -> elements.add(scalar(type, value)));
        return elements;
    }

    private static Object scalar(Class<?> type, Object value) {
        if (value instanceof Collection || value instanceof Map) {
            throw new IllegalArgumentException("it is not a single value");
        }
        String text = String.valueOf(value);
        return switch (type.getSimpleName()) {
            case "String" -> text;
            case "Boolean", "boolean" -> truth(text);
            case "Character", "char" -> character(text);
            case "Integer", "int" -> number(text).intValueExact();
            case "Long", "long" -> number(text).longValueExact();
            case "Short", "short" -> number(text).shortValueExact();
            case "Byte", "byte" -> number(text).byteValueExact();
            case "Float", "float" -> Float.valueOf(text);
            default -> Double.valueOf(text);
        };
    }

    private static BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a number", e);
        }
    }

    private static Boolean truth(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("it is neither true nor false");
        }
        return Boolean.valueOf(text);
    }

    private static Character character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException("it is not one character");
        }
        return text.charAt(0);
    }
}
