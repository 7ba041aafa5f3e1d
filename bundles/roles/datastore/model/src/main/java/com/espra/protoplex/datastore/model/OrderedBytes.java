package com.espra.protoplex.datastore.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes parts so that the byte strings are ordered as the parts are, and none is the beginning of another one. */
final class OrderedBytes {

    private static final int ESCAPED_ZERO = 0xFF;
    private static final int END = 0x01;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    OrderedBytes tag(int tag) {
        out.write(tag);
        return this;
    }

    OrderedBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** A zero becomes two bytes, and two others end it. */
    OrderedBytes bytes(byte[] bytes) {
        for (byte each : bytes) {
            out.write(each);
            if (each == 0) {
                out.write(ESCAPED_ZERO);
            }
        }
        out.write(0);
        out.write(END);
        return this;
    }

    OrderedBytes text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    OrderedBytes number(long value) {
        long unsigned = value ^ Long.MIN_VALUE;
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.write((int) (unsigned >>> shift));
        }
        return this;
    }

    /** NaN before all others; both zeros are one. */
    OrderedBytes number(double value) {
        if (Double.isNaN(value)) {
            return number(Long.MIN_VALUE);
        }
        long bits = Double.doubleToRawLongBits(value == 0 ? 0.0 : value);
        return number(bits < 0 ? ~bits ^ Long.MIN_VALUE : bits);
    }

    byte[] done() {
        return out.toByteArray();
    }
}
