package com.espra.protoplex.datastore.model.gql;

import com.espra.protoplex.datastore.model.gql.Words.Sort;
import com.espra.protoplex.datastore.model.gql.Words.Word;
import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.GqlQueryParameter;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.NullValue;
import com.google.protobuf.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

/** Values in a query's text: literals, if they are allowed, and what is bound to {@code @name} and {@code @1}. */
final class Operands {

    private final Words words;
    private final GqlQuery query;
    private final PartitionId partition;
    private final Set<Integer> positions = new HashSet<>();

    /** @param partition of keys that name none */
    Operands(Words words, GqlQuery query, PartitionId partition) {
        this.words = words;
        this.query = query;
        this.partition = partition;
    }

    /** The next value. */
    Value value() {
        Word word = words.peek();
        if (word.sort() == Sort.BINDING) {
            GqlQueryParameter bound = binding(words.take().text());
            if (!bound.hasValue()) {
                throw Words.refused("a cursor is bound to @" + word.text() + ", where a value is needed");
            }
            return bound.getValue();
        }
        if (words.isCall("ARRAY")) {
            words.take();
            return array();
        }
        if (!query.getAllowLiterals()) {
            throw Words.refused("literals are not allowed here: bind the value, or set allow_literals");
        }
        return literal();
    }

    /** Values in parentheses. */
    Value array() {
        words.requireMark("(");
        ArrayValue.Builder all = ArrayValue.newBuilder();
        if (!words.takesMark(")")) {
            do {
                all.addValues(value());
            } while (words.takesMark(","));
            words.requireMark(")");
        }
        return Value.newBuilder().setArrayValue(all).build();
    }

    private Value literal() {
        Value.Builder value = Value.newBuilder();
        if (words.isCall("KEY")) {
            words.take();
            return value.setKeyValue(key()).build();
        }
        if (words.isCall("DATETIME")) {
            return value.setTimestampValue(time(argument())).build();
        }
        if (words.isCall("BLOB")) {
            return value.setBlobValue(blob(argument())).build();
        }
        if (words.takes("NULL")) {
            return value.setNullValue(NullValue.NULL_VALUE).build();
        }
        if (words.takes("TRUE")) {
            return value.setBooleanValue(true).build();
        }
        if (words.takes("FALSE")) {
            return value.setBooleanValue(false).build();
        }
        if (words.peek().sort() == Sort.TEXT) {
            return value.setStringValue(words.take().text()).build();
        }
        String number = number();
        try {
            return number.matches("-?[0-9]+")
                    ? value.setIntegerValue(Long.parseLong(number)).build()
                    : value.setDoubleValue(Double.parseDouble(number)).build();
        } catch (NumberFormatException e) {
            throw Words.refused(number + " is not a number of 64 bits");
        }
    }

    private String number() {
        String sign = words.takesMark("-") ? "-" : "";
        if (sign.isEmpty()) {
            words.takesMark("+");
        }
        if (words.peek().sort() != Sort.NUMBER) {
            throw words.expected("a value");
        }
        return sign + words.take().text();
    }

    /** The text in the parentheses after a word. */
    private String argument() {
        words.take();
        words.requireMark("(");
        if (words.peek().sort() != Sort.TEXT) {
            throw words.expected("a text in quotation marks");
        }
        String text = words.take().text();
        words.requireMark(")");
        return text;
    }

    private Key key() {
        words.requireMark("(");
        Key.Builder key = Key.newBuilder().setPartitionId(partition);
        while (words.isCall("PROJECT") || words.isCall("NAMESPACE")) {
            if (words.isCall("PROJECT")) {
                key.getPartitionIdBuilder().setProjectId(argument());
            } else {
                key.getPartitionIdBuilder().setNamespaceId(argument());
            }
            words.requireMark(",");
        }
        do {
            Key.PathElement.Builder element = key.addPathBuilder().setKind(words.name());
            words.requireMark(",");
            if (words.peek().sort() == Sort.TEXT) {
                element.setName(words.take().text());
            } else {
                element.setId(whole("an id or a name"));
            }
        } while (words.takesMark(","));
        words.requireMark(")");
        return key.build();
    }

    private static Timestamp time(String text) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return Timestamp.newBuilder()
                    .setSeconds(time.getEpochSecond())
                    .setNanos(time.getNano())
                    .build();
        } catch (DateTimeException e) {
            throw Words.refused("a DATETIME is of the form 2026-09-29T09:30:20.00002-08:00");
        }
    }

    private static ByteString blob(String text) {
        try {
            return ByteString.copyFrom(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw Words.refused("a BLOB is written in base64url");
        }
    }

    /** A count, written or bound. */
    int count() {
        Word word = words.peek();
        long count = word.sort() == Sort.BINDING ? integer(value()) : whole("a number");
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw Words.refused("'" + count + "' is not a number from 0 to " + Integer.MAX_VALUE);
        }
        return (int) count;
    }

    private static long integer(Value value) {
        if (!value.hasIntegerValue()) {
            throw Words.refused("an integer is needed");
        }
        return value.getIntegerValue();
    }

    private long whole(String what) {
        String number = number();
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw Words.refused(what + " is needed, and not " + number);
        }
    }

    /** Whether a cursor is bound to what comes next. */
    boolean isCursor() {
        return words.peek().sort() == Sort.BINDING
                && binding(words.peek().text()).hasCursor();
    }

    ByteString cursor() {
        return binding(words.take().text()).getCursor();
    }

    private GqlQueryParameter binding(String name) {
        if (!Character.isDigit(name.charAt(0))) {
            GqlQueryParameter bound = query.getNamedBindingsMap().get(name);
            if (bound == null) {
                throw Words.refused("nothing is bound to @" + name);
            }
            return bound;
        }
        int position = name.length() > 4 || !name.matches("[0-9]+") ? 0 : Integer.parseInt(name);
        if (position < 1 || position > query.getPositionalBindingsCount()) {
            throw Words.refused("nothing is bound to @" + name.substring(0, Math.min(name.length(), 100)));
        }
        positions.add(position);
        return query.getPositionalBindings(position - 1);
    }

    /** Google refuses what is bound by position and not used. */
    void requireAllUsed() {
        if (positions.size() != query.getPositionalBindingsCount()) {
            throw Words.refused(query.getPositionalBindingsCount() + " values are bound by position, and "
                    + positions.size() + " of them are used");
        }
    }
}
