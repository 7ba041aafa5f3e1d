package com.espra.protoplex.datastore.engine;

import org.jspecify.annotations.Nullable;

/**
 * Walks over the keys of a range as they were at one version, in their order or against it. Close it: it holds memory of the engine, and keeps
 * what it walks over from being removed.
 *
 * <p>Threads: one at a time.
 */
public interface Scan extends AutoCloseable {

    /** The next row, or null at the end. */
    @Nullable
    Row next();

    /** Goes on at the first key that is not before this one; only forwards, and only in a scan that goes forwards. */
    void seek(byte[] key);

    @Override
    void close();

    /** A key and its value. */
    final class Row {
        private final byte[] key;
        private final byte[] value;

        Row(byte[] key, byte[] value) {
            this.key = key;
            this.value = value;
        }

        /** The caller's own. */
        public byte[] key() {
            return key;
        }

        /** The caller's own. */
        public byte[] value() {
            return value;
        }
    }
}
