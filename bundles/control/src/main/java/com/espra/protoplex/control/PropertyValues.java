package com.espra.protoplex.control;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Values of configurations, which have more types than Control carries: a component that reads an {@code Integer} must not get a {@code Long}
 * because a parent stands between. What is no text, truth value, {@code Long} or {@code Double} travels with the name of its type.
 */
final class PropertyValues {

    private static final String TYPE = "type";
    private static final String VALUE = "value";
    private static final String LIST = "List";
    private static final String MAP = "Map";
    private static final String ARRAY = "[]";

    private record Scalar(Class<?> type, Function<Object, Object> encode, Function<Object, Object> decode) {}

    private static final Map<String, Scalar> SCALARS = scalars();

    private PropertyValues() {}

    private static Map<String, Scalar> scalars() {
        Map<String, Scalar> scalars = new LinkedHashMap<>();
        Function<Object, Object> same = value -> value;
        add(scalars, String.class, same, same);
        add(scalars, Boolean.class, same, same);
        add(scalars, Long.class, same, same);
        add(scalars, Double.class, same, same);
        add(
                scalars,
                Integer.class,
                PropertyValues::whole,
                value -> number(value).intValue());
        add(scalars, Short.class, PropertyValues::whole, value -> number(value).shortValue());
        add(scalars, Byte.class, PropertyValues::whole, value -> number(value).byteValue());
        add(
                scalars,
                Float.class,
                value -> number(value).doubleValue(),
                value -> number(value).floatValue());
        add(
                scalars,
                Character.class,
                String::valueOf,
                value -> String.valueOf(value).charAt(0));
        add(scalars, BigInteger.class, String::valueOf, value -> new BigInteger(String.valueOf(value)));
        add(scalars, BigDecimal.class, String::valueOf, value -> new BigDecimal(String.valueOf(value)));
        primitive(scalars, boolean.class, Boolean.class);
        primitive(scalars, long.class, Long.class);
        primitive(scalars, double.class, Double.class);
        primitive(scalars, int.class, Integer.class);
        primitive(scalars, short.class, Short.class);
        primitive(scalars, byte.class, Byte.class);
        primitive(scalars, float.class, Float.class);
        primitive(scalars, char.class, Character.class);
        return scalars;
    }

    private static void add(
            Map<String, Scalar> scalars,
            Class<?> type,
            Function<Object, Object> encode,
            Function<Object, Object> decode) {
        scalars.put(type.getSimpleName(), new Scalar(type, encode, decode));
    }

    /** Only as the elements of an array. */
    private static void primitive(Map<String, Scalar> scalars, Class<?> type, Class<?> boxed) {
        Scalar same = scalars.get(boxed.getSimpleName());
        if (same != null) {
            add(scalars, type, same.encode(), same.decode());
        }
    }

    private static Number number(Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException("'" + value + "' is no number");
    }

    private static Object whole(Object value) {
        return number(value).longValue();
    }

    /** @throws IllegalArgumentException if no configuration may have such a value */
    static Object encode(Object value) {
        if (value instanceof String || value instanceof Boolean || value instanceof Long || value instanceof Double) {
            return value;
        }
        if (value instanceof List<?> list) {
            return typed(LIST, list.stream().map(PropertyValues::encode).toList());
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> members = new LinkedHashMap<>();
            map.forEach((key, member) -> members.put(String.valueOf(key), encode(member)));
            return typed(MAP, members);
        }
        if (value.getClass().isArray()) {
            String type = value.getClass().getComponentType().getSimpleName();
            Scalar scalar = scalar(type);
            List<Object> elements = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                elements.add(scalar.encode().apply(Array.get(value, i)));
            }
            return typed(type + ARRAY, elements);
        }
        String type = value.getClass().getSimpleName();
        return typed(type, scalar(type).encode().apply(value));
    }

    private static Map<String, Object> typed(String type, Object value) {
        return Map.of(TYPE, type, VALUE, value);
    }

    private static Scalar scalar(String type) {
        Scalar scalar = SCALARS.get(type);
        if (scalar == null) {
            throw new IllegalArgumentException("a configuration has a value of the type " + type
                    + ": use texts, numbers, true, false, and lists or arrays of them");
        }
        return scalar;
    }

    /** @throws IllegalArgumentException if it was not made by {@link #encode} */
    static Object decode(Object encoded) {
        if (!(encoded instanceof Map<?, ?>)) {
            return encoded;
        }
        Fields fields = Fields.of(encoded);
        String type = fields.text(TYPE);
        if (type.equals(LIST)) {
            return fields.list(VALUE, PropertyValues::decode);
        }
        if (type.equals(MAP)) {
            Map<String, Object> members = new LinkedHashMap<>();
            fields.object(VALUE).members().forEach((key, member) -> members.put(String.valueOf(key), decode(member)));
            return members;
        }
        if (type.endsWith(ARRAY)) {
            Scalar scalar = scalar(type.substring(0, type.length() - ARRAY.length()));
            List<Object> elements = fields.list(VALUE, scalar.decode());
            Object array = Array.newInstance(scalar.type(), elements.size());
            for (int i = 0; i < elements.size(); i++) {
                Array.set(array, i, elements.get(i));
            }
            return array;
        }
        Object value = fields.members().get(VALUE);
        if (value == null) {
            throw new IllegalArgumentException("a value of the type " + type + " is missing");
        }
        return scalar(type).decode().apply(value);
    }
}
