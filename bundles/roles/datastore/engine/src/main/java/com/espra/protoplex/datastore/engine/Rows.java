package com.espra.protoplex.datastore.engine;

import java.util.Arrays;

/**
 * The rows of RocksDB: {@code v ‖ key ‖ complement of the version} to a byte that says whether there is a value, and the value. So the
 * rows of a key are side by side, the newest first, and all reads at a version are one seek. {@code g ‖ version} to the keys whose rows
 * that commit made old. docs/decisions/0120-rows-carry-the-version-of-their-commit.md
 */
final class Rows {

    static final byte VALUES = 'v';
    static final byte GARBAGE = 'g';
    /** When it was made, and in which form. */
    static final byte[] FORM = {'f'};

    static final byte SET = 1;
    static final byte DELETED = 0;

    private Rows() {}

    static byte[] row(byte[] key, long version) {
        byte[] row = new byte[1 + key.length + Long.BYTES];
        row[0] = VALUES;
        System.arraycopy(key, 0, row, 1, key.length);
        Bytes.putLong(row, 1 + key.length, ~version);
        return row;
    }

    /** Where the rows of a key, or of all keys from it on, begin. */
    static byte[] start(byte[] key) {
        byte[] start = new byte[1 + key.length];
        start[0] = VALUES;
        System.arraycopy(key, 0, start, 1, key.length);
        return start;
    }

    static byte[] key(byte[] row) {
        return Arrays.copyOfRange(row, 1, row.length - Long.BYTES);
    }

    static boolean isOf(byte[] row, byte[] key) {
        return row.length == 1 + key.length + Long.BYTES
                && Arrays.equals(row, 1, row.length - Long.BYTES, key, 0, key.length);
    }

    static long version(byte[] row) {
        return ~Bytes.getLong(row, row.length - Long.BYTES);
    }

    static byte[] garbage(long version) {
        byte[] row = new byte[1 + Long.BYTES];
        row[0] = GARBAGE;
        Bytes.putLong(row, 1, version);
        return row;
    }

    static byte[] value(byte[] row) {
        return Arrays.copyOfRange(row, 1, row.length);
    }
}
