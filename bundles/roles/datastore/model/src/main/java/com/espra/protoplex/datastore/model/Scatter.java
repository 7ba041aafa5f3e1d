package com.espra.protoplex.datastore.model;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * {@code __scatter__}: a number that one of 128 entities has, by its key alone. In its order they are a sample without any order of theirs,
 * by which programs divide a kind into parts of equal size. It is stored nowhere.
 */
final class Scatter {

    static final String PROPERTY = "__scatter__";

    private static final int NONE = 127;

    private Scatter() {}

    /** What is ordered by; null of an entity that has none. */
    static byte @Nullable [] of(byte[] path) {
        CRC32C sum = new CRC32C();
        sum.update(path);
        long number = sum.getValue();
        return (number & NONE) != 0
                ? null
                : new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
    }
}
