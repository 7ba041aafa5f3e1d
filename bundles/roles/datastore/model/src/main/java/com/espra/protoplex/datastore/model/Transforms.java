package com.espra.protoplex.datastore.model;

import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.MutationResult;
import com.google.datastore.v1.PropertyTransform;
import com.google.datastore.v1.PropertyTransform.ServerValue;
import com.google.datastore.v1.Value;
import com.google.protobuf.NullValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes of properties that the server makes, in their order, after what the mutation itself does. */
final class Transforms {

    private static final String SEPARATOR = ".";
    private static final Value NULL =
            Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build();

    private Transforms() {}

    /** These, with their values in the form in which they are stored. */
    static List<PropertyTransform> checked(Validation validation, List<PropertyTransform> transforms) {
        if (transforms.size() > Quotas.TRANSFORMS) {
            throw RefusedException.invalid(
                    transforms.size() + " property transforms of an entity, and " + Quotas.TRANSFORMS + " are allowed");
        }
        List<PropertyTransform> checked = new ArrayList<>();
        for (PropertyTransform transform : transforms) {
            PropertyTransform.Builder sound = transform.toBuilder();
            String property = transform.getProperty();
            Validation.name("property name", property, false);
            String[] parts = property.split("\\.", -1);
            if (parts.length > Quotas.NESTING) {
                throw RefusedException.invalid("the property \"" + Validation.shown(property)
                        + "\" is nested more than " + Quotas.NESTING + " levels deep");
            }
            for (String part : parts) {
                Validation.name("property name", part, false);
            }
            switch (transform.getTransformTypeCase()) {
                case SET_TO_SERVER_VALUE -> {
                    if (transform.getSetToServerValue() != ServerValue.REQUEST_TIME) {
                        throw RefusedException.invalid("the only server value is REQUEST_TIME");
                    }
                }
                case INCREMENT -> requireNumber(transform.getIncrement());
                case MAXIMUM -> requireNumber(transform.getMaximum());
                case MINIMUM -> requireNumber(transform.getMinimum());
                case APPEND_MISSING_ELEMENTS ->
                    sound.setAppendMissingElements(
                            elements(validation, property, transform.getAppendMissingElements()));
                case REMOVE_ALL_FROM_ARRAY ->
                    sound.setRemoveAllFromArray(elements(validation, property, transform.getRemoveAllFromArray()));
                case TRANSFORMTYPE_NOT_SET -> throw RefusedException.invalid("a property transform without a type");
            }
            checked.add(sound.build());
        }
        return checked;
    }

    private static void requireNumber(Value value) {
        if (!isNumber(value)) {
            throw RefusedException.invalid("increment, maximum and minimum need an integer or a double");
        }
    }

    private static ArrayValue elements(Validation validation, String property, ArrayValue elements) {
        return validation
                .operand(property, Value.newBuilder().setArrayValue(elements).build())
                .getArrayValue();
    }

    private static boolean isNumber(@Nullable Value value) {
        return value != null && (value.hasIntegerValue() || value.hasDoubleValue());
    }

    /** @param version of the commit, which is the time of the request */
    static Entity applied(
            Entity entity, List<PropertyTransform> transforms, long version, MutationResult.Builder result) {
        Entity.Builder changed = entity.toBuilder();
        for (PropertyTransform transform : transforms) {
            apply(changed, transform.getProperty(), transform, version, result);
        }
        return changed.build();
    }

    private static void apply(
            Entity.Builder entity,
            String path,
            PropertyTransform transform,
            long version,
            MutationResult.Builder result) {
        Value current = entity.getPropertiesMap().get(path);
        int dot = path.indexOf(SEPARATOR);
        if (current == null && dot >= 0) {
            String head = path.substring(0, dot);
            Value outer = entity.getPropertiesMap().get(head);
            Value.Builder next = outer != null && outer.hasEntityValue()
                    ? outer.toBuilder()
                    : Value.newBuilder().setEntityValue(Entity.getDefaultInstance());
            apply(next.getEntityValueBuilder(), path.substring(dot + 1), transform, version, result);
            entity.putProperties(head, next.build());
            return;
        }
        Value next = next(current, transform, version);
        if (current != null && current.getExcludeFromIndexes() && !next.hasArrayValue()) {
            next = next.toBuilder().setExcludeFromIndexes(true).build();
        }
        entity.putProperties(path, next);
        result.addTransformResults(next.hasArrayValue() ? NULL : next);
    }

    private static Value next(@Nullable Value current, PropertyTransform transform, long version) {
        return switch (transform.getTransformTypeCase()) {
            case SET_TO_SERVER_VALUE ->
                Value.newBuilder().setTimestampValue(Values.timestamp(version)).build();
            case INCREMENT -> sum(current, transform.getIncrement());
            case MAXIMUM -> extreme(current, transform.getMaximum(), 1);
            case MINIMUM -> extreme(current, transform.getMinimum(), -1);
            case APPEND_MISSING_ELEMENTS -> {
                ArrayValue.Builder array = array(current).toBuilder();
                Set<Object> known = canonical(array(current));
                for (Value each : transform.getAppendMissingElements().getValuesList()) {
                    if (known.add(canonical(each))) {
                        array.addValues(each);
                    }
                }
                yield Value.newBuilder().setArrayValue(array).build();
            }
            case REMOVE_ALL_FROM_ARRAY -> {
                Set<Object> removed = canonical(transform.getRemoveAllFromArray());
                ArrayValue.Builder array = ArrayValue.newBuilder();
                for (Value each : array(current).getValuesList()) {
                    if (!removed.contains(canonical(each))) {
                        array.addValues(each);
                    }
                }
                yield Value.newBuilder().setArrayValue(array).build();
            }
            case TRANSFORMTYPE_NOT_SET -> throw new IllegalStateException("a transform that was not checked");
        };
    }

    private static ArrayValue array(@Nullable Value current) {
        return current == null ? ArrayValue.getDefaultInstance() : current.getArrayValue();
    }

    private static double number(Value value) {
        return value.hasIntegerValue() ? value.getIntegerValue() : value.getDoubleValue();
    }

    /** Integers stop at their ends. */
    private static Value sum(@Nullable Value current, Value given) {
        if (current == null || !isNumber(current)) {
            return given;
        }
        if (current.hasDoubleValue() || given.hasDoubleValue()) {
            return Value.newBuilder()
                    .setDoubleValue(number(current) + number(given))
                    .build();
        }
        long one = current.getIntegerValue();
        long other = given.getIntegerValue();
        long sum = one + other;
        boolean isOver = ((one ^ sum) & (other ^ sum)) < 0;
        long end = one < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        return Value.newBuilder().setIntegerValue(isOver ? end : sum).build();
    }

    /** What is as large, such as 0, 0.0 and -0.0, stays as it is. */
    private static Value extreme(@Nullable Value current, Value given, int sign) {
        if (current == null || !isNumber(current)) {
            return given;
        }
        if (Double.isNaN(number(current)) || Double.isNaN(number(given))) {
            return Double.isNaN(number(current)) ? current : given;
        }
        return sign * compare(given, current) > 0 ? given : current;
    }

    private static int compare(Value one, Value other) {
        if (one.hasIntegerValue() && other.hasIntegerValue()) {
            return Long.compare(one.getIntegerValue(), other.getIntegerValue());
        }
        return new java.math.BigDecimal(finite(one)).compareTo(new java.math.BigDecimal(finite(other)));
    }

    /** Exactly, and infinity as more than any number. */
    private static String finite(Value value) {
        if (value.hasIntegerValue()) {
            return Long.toString(value.getIntegerValue());
        }
        double number = value.getDoubleValue();
        if (Double.isInfinite(number)) {
            return number > 0 ? "1e400" : "-1e400";
        }
        return new java.math.BigDecimal(number).toString();
    }

    /** The same for values that are equivalent: numbers by what they are worth, all else by its content. */
    private static Object canonical(Value value) {
        if (value.hasIntegerValue()) {
            return value.getIntegerValue();
        }
        if (value.hasDoubleValue()) {
            double number = value.getDoubleValue();
            boolean isWhole = number == Math.rint(number) && number >= -0x1p63 && number < 0x1p63;
            return isWhole ? (Object) (long) number : (Object) number;
        }
        return value.toBuilder().clearExcludeFromIndexes().build();
    }

    private static Set<Object> canonical(ArrayValue array) {
        Set<Object> all = new HashSet<>();
        array.getValuesList().forEach(each -> all.add(canonical(each)));
        return all;
    }
}
