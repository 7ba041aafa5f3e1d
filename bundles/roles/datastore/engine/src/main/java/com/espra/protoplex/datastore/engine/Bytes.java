package com.espra.protoplex.datastore.engine;

import java.util.Arrays;

/** Byte strings as the store orders them: unsigned, a shorter one before what it begins. */
public final class Bytes {

    private Bytes() {}

    /** One after the other. */
    public static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    /** The first key after all that begin with this prefix; empty, which stands for the end of all keys, if there is none. */
    public static byte[] afterPrefix(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xFF) {
                byte[] after = Arrays.copyOf(prefix, i + 1);
                after[i]++;
                return after;
            }
        }
        return new byte[0];
    }

    /** Before all keys that come after this one, and after all of its rows, which go on with a version: none begins with another one. */
    public static byte[] after(byte[] key) {
        byte[] after = Arrays.copyOf(key, key.length + Long.BYTES + 1);
        Arrays.fill(after, key.length, after.length, (byte) 0xFF);
        return after;
    }

    /** Whether it begins with the prefix. */
    public static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Big-endian. */
    public static void putLong(byte[] bytes, int at, long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[at + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    /** Big-endian. */
    public static long getLong(byte[] bytes, int at) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << 8) | (bytes[at + i] & 0xFF);
        }
        return value;
    }
}
