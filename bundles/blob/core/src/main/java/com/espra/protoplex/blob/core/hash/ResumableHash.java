package com.espra.protoplex.blob.core.hash;

/**
 * A hash whose state can be kept on a disk in the middle and gone on with, which those of the JDK cannot.
 *
 * <p>Threads: one at a time.
 */
public abstract sealed class ResumableHash permits ResumableSha256, Whirlpool {

    /** Both hashes take blocks of so many bytes. */
    static final int BLOCK = 64;

    private final byte[] rest = new byte[BLOCK];
    private int restLength;
    private long bytes;

    /** Adds bytes. */
    public final void update(byte[] input, int from, int length) {
        int at = from;
        int end = from + length;
        bytes += length;
        if (restLength > 0) {
            int more = Math.min(BLOCK - restLength, length);
            System.arraycopy(input, at, rest, restLength, more);
            restLength += more;
            at += more;
            if (restLength < BLOCK) {
                return;
            }
            block(rest, 0);
            restLength = 0;
        }
        for (; end - at >= BLOCK; at += BLOCK) {
            block(input, at);
        }
        System.arraycopy(input, at, rest, 0, end - at);
        restLength = end - at;
    }

    /** How many bytes there were. */
    public final long bytes() {
        return bytes;
    }

    /** The hash of all bytes. Nothing may be added after that. */
    public final byte[] digest() {
        // A one, zeros, and the length in bits at the end of a block: in a field of 8 bytes (SHA-256), or 32
        // (Whirlpool).
        int field = lengthBytes();
        int blocks = restLength + 1 + field <= BLOCK ? 1 : 2;
        byte[] last = new byte[blocks * BLOCK];
        System.arraycopy(rest, 0, last, 0, restLength);
        last[restLength] = (byte) 0x80;
        putLong(last, last.length - 8, bytes << 3);
        if (field > 8) {
            putLong(last, last.length - 16, bytes >>> 61);
        }
        for (int i = 0; i < blocks; i++) {
            block(last, i * BLOCK);
        }
        return result();
    }

    /** What {@link #restore} goes on with. */
    public final byte[] state() {
        byte[] chain = result();
        byte[] state = new byte[8 + chain.length + restLength];
        putLong(state, 0, bytes);
        System.arraycopy(chain, 0, state, 8, chain.length);
        System.arraycopy(rest, 0, state, 8 + chain.length, restLength);
        return state;
    }

    /** @throws IllegalArgumentException if it is no state of this hash */
    final void restore(byte[] state) {
        int chain = result().length;
        if (state.length < 8 + chain) {
            throw new IllegalArgumentException("a state of a hash is cut off: " + state.length + " bytes");
        }
        bytes = getLong(state, 0);
        restLength = state.length - 8 - chain;
        if (bytes < 0 || restLength != bytes % BLOCK) {
            throw new IllegalArgumentException("a state of a hash after " + bytes + " bytes has " + restLength
                    + " bytes of a block, which cannot be");
        }
        System.arraycopy(state, 8 + chain, rest, 0, restLength);
        chain(state, 8);
    }

    /** Takes a block of 64 bytes. */
    abstract void block(byte[] input, int from);

    /** How wide the length is at the end. */
    abstract int lengthBytes();

    /** The chaining value as bytes. */
    abstract byte[] result();

    /** Sets the chaining value. */
    abstract void chain(byte[] state, int from);

    static long getLong(byte[] bytes, int at) {
        return (long) Longs.BIG.get(bytes, at);
    }

    static void putLong(byte[] bytes, int at, long value) {
        Longs.BIG.set(bytes, at, value);
    }
}
