package com.espra.protoplex.datastore.model;

import com.google.datastore.v1.Value;
import com.google.protobuf.Timestamp;
import java.nio.ByteBuffer;

/**
 * Values as they are ordered in indexes: null, integers and times (which are numbers, too), booleans, texts and bytes, floating-point
 * numbers, points, keys. So 38 comes before 37.5, and each keeps its precision.
 */
final class Values {

    private static final int NULL = 0x05;
    private static final int FIXED = 0x10;
    private static final int FALSE = 0x20;
    private static final int TRUE = 0x21;
    private static final int TEXT = 0x30;
    private static final int FLOATING = 0x40;
    private static final int POINT = 0x50;
    private static final int KEY = 0x60;

    /** Two types that are ordered together are told apart by what follows. */
    private static final int FIRST_TYPE = 1;

    private static final int SECOND_TYPE = 2;
    private static final long MICROS = 1_000_000;
    private static final int NANOS_OF_MICRO = 1_000;

    private Values() {}

    /** @throws RefusedException if nothing can be ordered by such a value */
    static byte[] encode(Value value) {
        OrderedBytes out = new OrderedBytes();
        switch (value.getValueTypeCase()) {
            case NULL_VALUE -> out.tag(NULL);
            case INTEGER_VALUE -> out.tag(FIXED).number(value.getIntegerValue()).tag(FIRST_TYPE);
            case TIMESTAMP_VALUE ->
                out.tag(FIXED).number(micros(value.getTimestampValue())).tag(SECOND_TYPE);
            case BOOLEAN_VALUE -> out.tag(value.getBooleanValue() ? TRUE : FALSE);
            case STRING_VALUE -> out.tag(TEXT).text(value.getStringValue()).tag(FIRST_TYPE);
            case BLOB_VALUE ->
                out.tag(TEXT).bytes(value.getBlobValue().toByteArray()).tag(SECOND_TYPE);
            case DOUBLE_VALUE -> out.tag(FLOATING).number(value.getDoubleValue());
            case GEO_POINT_VALUE ->
                out.tag(POINT)
                        .number(value.getGeoPointValue().getLatitude())
                        .number(value.getGeoPointValue().getLongitude());
            case KEY_VALUE ->
                out.tag(KEY)
                        .raw(Layout.partition(value.getKeyValue().getPartitionId()))
                        .raw(Layout.path(value.getKeyValue()));
            case ENTITY_VALUE, ARRAY_VALUE, VALUETYPE_NOT_SET ->
                throw RefusedException.invalid("a value of the type "
                        + value.getValueTypeCase().name().toLowerCase(java.util.Locale.ROOT)
                        + " cannot be compared: name a property within it");
        }
        return out.done();
    }

    /** As Google's metadata name the type that a value begins with. */
    static String representation(byte tag) {
        return switch (tag) {
            case NULL -> "NULL";
            case FIXED -> "INT64";
            case FALSE, TRUE -> "BOOLEAN";
            case TEXT -> "STRING";
            case FLOATING -> "DOUBLE";
            case POINT -> "POINT";
            case KEY -> "REFERENCE";
            default -> throw new IllegalStateException("no value begins with " + tag);
        };
    }

    /** How long the value is that these bytes begin with. */
    static int length(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        switch (in.get()) {
            case NULL, FALSE, TRUE -> {
                // Nothing follows.
            }
            case FIXED -> in.position(in.position() + Long.BYTES + 1);
            case FLOATING -> in.position(in.position() + Double.BYTES);
            case POINT -> in.position(in.position() + 2 * Double.BYTES);
            case TEXT -> {
                Layout.text(in);
                in.get();
            }
            case KEY -> {
                for (int part = 0; part < 3; part++) {
                    Layout.text(in);
                }
                Layout.skipPath(in);
            }
            default -> throw new IllegalStateException("no value begins with " + bytes[0]);
        }
        return in.position();
    }

    static long micros(Timestamp time) {
        return time.getSeconds() * MICROS + time.getNanos() / NANOS_OF_MICRO;
    }

    static Timestamp timestamp(long micros) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(micros, MICROS))
                .setNanos((int) Math.floorMod(micros, MICROS) * NANOS_OF_MICRO)
                .build();
    }
}
