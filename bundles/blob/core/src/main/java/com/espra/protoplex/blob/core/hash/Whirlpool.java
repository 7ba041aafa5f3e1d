package com.espra.protoplex.blob.core.hash;

/**
 * Whirlpool (ISO/IEC 10118-3, the final version of 2003). The eight steps of a round are eight look-ups in tables for each of eight words, written
 * out, so that the words stay in registers: some four times as fast as a loop over bytes.
 */
public final class Whirlpool extends ResumableHash {

    private static final int ROUNDS = 10;
    private static final long[][] C = tables();
    private static final long[] C0 = C[0];
    private static final long[] C1 = C[1];
    private static final long[] C2 = C[2];
    private static final long[] C3 = C[3];
    private static final long[] C4 = C[4];
    private static final long[] C5 = C[5];
    private static final long[] C6 = C[6];
    private static final long[] C7 = C[7];
    private static final long[] ROUND = roundConstants();

    private final long[] h = new long[8];

    /**
     * Goes on from a state.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Whirlpool from(byte[] state) {
        Whirlpool hash = new Whirlpool();
        hash.restore(state);
        return hash;
    }

    /** The substitution box, from the three small ones that it is defined by. */
    private static int[] box() {
        int[] e = {0x1, 0xB, 0x9, 0xC, 0xD, 0x6, 0xF, 0x3, 0xE, 0x8, 0x7, 0x4, 0xA, 0x2, 0x5, 0x0};
        int[] r = {0x7, 0xC, 0xB, 0xD, 0xE, 0x4, 0x9, 0xF, 0x6, 0x3, 0x8, 0xA, 0x2, 0x5, 0x1, 0x0};
        int[] inverse = new int[16];
        for (int i = 0; i < 16; i++) {
            inverse[e[i]] = i;
        }
        int[] box = new int[256];
        for (int x = 0; x < 256; x++) {
            int upper = e[x >>> 4];
            int lower = inverse[x & 0xf];
            int middle = r[upper ^ lower];
            box[x] = e[upper ^ middle] << 4 | inverse[lower ^ middle];
        }
        return box;
    }

    private static int times(int a, int b) {
        int product = 0;
        for (int x = a, y = b; y != 0; y >>>= 1) {
            product ^= (y & 1) == 0 ? 0 : x;
            x <<= 1;
            x ^= x >= 0x100 ? 0x11d : 0;
        }
        return product;
    }

    private static long[][] tables() {
        int[] box = box();
        int[] row = {1, 1, 4, 1, 8, 5, 2, 9};
        long[][] tables = new long[8][256];
        for (int x = 0; x < 256; x++) {
            long word = 0;
            for (int factor : row) {
                word = word << 8 | times(box[x], factor);
            }
            for (int t = 0; t < 8; t++) {
                tables[t][x] = Long.rotateRight(word, 8 * t);
            }
        }
        return tables;
    }

    private static long[] roundConstants() {
        int[] box = box();
        long[] constants = new long[ROUNDS];
        for (int i = 0; i < ROUNDS * 8; i++) {
            constants[i / 8] = constants[i / 8] << 8 | box[i];
        }
        return constants;
    }

    @Override
    void block(byte[] input, int from) {
        long m0 = getLong(input, from + 0);
        long m1 = getLong(input, from + 8);
        long m2 = getLong(input, from + 16);
        long m3 = getLong(input, from + 24);
        long m4 = getLong(input, from + 32);
        long m5 = getLong(input, from + 40);
        long m6 = getLong(input, from + 48);
        long m7 = getLong(input, from + 56);
        long k0 = h[0];
        long k1 = h[1];
        long k2 = h[2];
        long k3 = h[3];
        long k4 = h[4];
        long k5 = h[5];
        long k6 = h[6];
        long k7 = h[7];
        long s0 = m0 ^ k0;
        long s1 = m1 ^ k1;
        long s2 = m2 ^ k2;
        long s3 = m3 ^ k3;
        long s4 = m4 ^ k4;
        long s5 = m5 ^ k5;
        long s6 = m6 ^ k6;
        long s7 = m7 ^ k7;
        for (int round = 0; round < ROUNDS; round++) {
            long l0 = C0[(int) (k0 >>> 56)]
                    ^ C1[(int) (k7 >>> 48) & 0xff]
                    ^ C2[(int) (k6 >>> 40) & 0xff]
                    ^ C3[(int) (k5 >>> 32) & 0xff]
                    ^ C4[(int) (k4 >>> 24) & 0xff]
                    ^ C5[(int) (k3 >>> 16) & 0xff]
                    ^ C6[(int) (k2 >>> 8) & 0xff]
                    ^ C7[(int) k1 & 0xff]
                    ^ ROUND[round];
            long l1 = C0[(int) (k1 >>> 56)]
                    ^ C1[(int) (k0 >>> 48) & 0xff]
                    ^ C2[(int) (k7 >>> 40) & 0xff]
                    ^ C3[(int) (k6 >>> 32) & 0xff]
                    ^ C4[(int) (k5 >>> 24) & 0xff]
                    ^ C5[(int) (k4 >>> 16) & 0xff]
                    ^ C6[(int) (k3 >>> 8) & 0xff]
                    ^ C7[(int) k2 & 0xff];
            long l2 = C0[(int) (k2 >>> 56)]
                    ^ C1[(int) (k1 >>> 48) & 0xff]
                    ^ C2[(int) (k0 >>> 40) & 0xff]
                    ^ C3[(int) (k7 >>> 32) & 0xff]
                    ^ C4[(int) (k6 >>> 24) & 0xff]
                    ^ C5[(int) (k5 >>> 16) & 0xff]
                    ^ C6[(int) (k4 >>> 8) & 0xff]
                    ^ C7[(int) k3 & 0xff];
            long l3 = C0[(int) (k3 >>> 56)]
                    ^ C1[(int) (k2 >>> 48) & 0xff]
                    ^ C2[(int) (k1 >>> 40) & 0xff]
                    ^ C3[(int) (k0 >>> 32) & 0xff]
                    ^ C4[(int) (k7 >>> 24) & 0xff]
                    ^ C5[(int) (k6 >>> 16) & 0xff]
                    ^ C6[(int) (k5 >>> 8) & 0xff]
                    ^ C7[(int) k4 & 0xff];
            long l4 = C0[(int) (k4 >>> 56)]
                    ^ C1[(int) (k3 >>> 48) & 0xff]
                    ^ C2[(int) (k2 >>> 40) & 0xff]
                    ^ C3[(int) (k1 >>> 32) & 0xff]
                    ^ C4[(int) (k0 >>> 24) & 0xff]
                    ^ C5[(int) (k7 >>> 16) & 0xff]
                    ^ C6[(int) (k6 >>> 8) & 0xff]
                    ^ C7[(int) k5 & 0xff];
            long l5 = C0[(int) (k5 >>> 56)]
                    ^ C1[(int) (k4 >>> 48) & 0xff]
                    ^ C2[(int) (k3 >>> 40) & 0xff]
                    ^ C3[(int) (k2 >>> 32) & 0xff]
                    ^ C4[(int) (k1 >>> 24) & 0xff]
                    ^ C5[(int) (k0 >>> 16) & 0xff]
                    ^ C6[(int) (k7 >>> 8) & 0xff]
                    ^ C7[(int) k6 & 0xff];
            long l6 = C0[(int) (k6 >>> 56)]
                    ^ C1[(int) (k5 >>> 48) & 0xff]
                    ^ C2[(int) (k4 >>> 40) & 0xff]
                    ^ C3[(int) (k3 >>> 32) & 0xff]
                    ^ C4[(int) (k2 >>> 24) & 0xff]
                    ^ C5[(int) (k1 >>> 16) & 0xff]
                    ^ C6[(int) (k0 >>> 8) & 0xff]
                    ^ C7[(int) k7 & 0xff];
            long l7 = C0[(int) (k7 >>> 56)]
                    ^ C1[(int) (k6 >>> 48) & 0xff]
                    ^ C2[(int) (k5 >>> 40) & 0xff]
                    ^ C3[(int) (k4 >>> 32) & 0xff]
                    ^ C4[(int) (k3 >>> 24) & 0xff]
                    ^ C5[(int) (k2 >>> 16) & 0xff]
                    ^ C6[(int) (k1 >>> 8) & 0xff]
                    ^ C7[(int) k0 & 0xff];
            k0 = l0;
            k1 = l1;
            k2 = l2;
            k3 = l3;
            k4 = l4;
            k5 = l5;
            k6 = l6;
            k7 = l7;
            long n0 = C0[(int) (s0 >>> 56)]
                    ^ C1[(int) (s7 >>> 48) & 0xff]
                    ^ C2[(int) (s6 >>> 40) & 0xff]
                    ^ C3[(int) (s5 >>> 32) & 0xff]
                    ^ C4[(int) (s4 >>> 24) & 0xff]
                    ^ C5[(int) (s3 >>> 16) & 0xff]
                    ^ C6[(int) (s2 >>> 8) & 0xff]
                    ^ C7[(int) s1 & 0xff]
                    ^ k0;
            long n1 = C0[(int) (s1 >>> 56)]
                    ^ C1[(int) (s0 >>> 48) & 0xff]
                    ^ C2[(int) (s7 >>> 40) & 0xff]
                    ^ C3[(int) (s6 >>> 32) & 0xff]
                    ^ C4[(int) (s5 >>> 24) & 0xff]
                    ^ C5[(int) (s4 >>> 16) & 0xff]
                    ^ C6[(int) (s3 >>> 8) & 0xff]
                    ^ C7[(int) s2 & 0xff]
                    ^ k1;
            long n2 = C0[(int) (s2 >>> 56)]
                    ^ C1[(int) (s1 >>> 48) & 0xff]
                    ^ C2[(int) (s0 >>> 40) & 0xff]
                    ^ C3[(int) (s7 >>> 32) & 0xff]
                    ^ C4[(int) (s6 >>> 24) & 0xff]
                    ^ C5[(int) (s5 >>> 16) & 0xff]
                    ^ C6[(int) (s4 >>> 8) & 0xff]
                    ^ C7[(int) s3 & 0xff]
                    ^ k2;
            long n3 = C0[(int) (s3 >>> 56)]
                    ^ C1[(int) (s2 >>> 48) & 0xff]
                    ^ C2[(int) (s1 >>> 40) & 0xff]
                    ^ C3[(int) (s0 >>> 32) & 0xff]
                    ^ C4[(int) (s7 >>> 24) & 0xff]
                    ^ C5[(int) (s6 >>> 16) & 0xff]
                    ^ C6[(int) (s5 >>> 8) & 0xff]
                    ^ C7[(int) s4 & 0xff]
                    ^ k3;
            long n4 = C0[(int) (s4 >>> 56)]
                    ^ C1[(int) (s3 >>> 48) & 0xff]
                    ^ C2[(int) (s2 >>> 40) & 0xff]
                    ^ C3[(int) (s1 >>> 32) & 0xff]
                    ^ C4[(int) (s0 >>> 24) & 0xff]
                    ^ C5[(int) (s7 >>> 16) & 0xff]
                    ^ C6[(int) (s6 >>> 8) & 0xff]
                    ^ C7[(int) s5 & 0xff]
                    ^ k4;
            long n5 = C0[(int) (s5 >>> 56)]
                    ^ C1[(int) (s4 >>> 48) & 0xff]
                    ^ C2[(int) (s3 >>> 40) & 0xff]
                    ^ C3[(int) (s2 >>> 32) & 0xff]
                    ^ C4[(int) (s1 >>> 24) & 0xff]
                    ^ C5[(int) (s0 >>> 16) & 0xff]
                    ^ C6[(int) (s7 >>> 8) & 0xff]
                    ^ C7[(int) s6 & 0xff]
                    ^ k5;
            long n6 = C0[(int) (s6 >>> 56)]
                    ^ C1[(int) (s5 >>> 48) & 0xff]
                    ^ C2[(int) (s4 >>> 40) & 0xff]
                    ^ C3[(int) (s3 >>> 32) & 0xff]
                    ^ C4[(int) (s2 >>> 24) & 0xff]
                    ^ C5[(int) (s1 >>> 16) & 0xff]
                    ^ C6[(int) (s0 >>> 8) & 0xff]
                    ^ C7[(int) s7 & 0xff]
                    ^ k6;
            long n7 = C0[(int) (s7 >>> 56)]
                    ^ C1[(int) (s6 >>> 48) & 0xff]
                    ^ C2[(int) (s5 >>> 40) & 0xff]
                    ^ C3[(int) (s4 >>> 32) & 0xff]
                    ^ C4[(int) (s3 >>> 24) & 0xff]
                    ^ C5[(int) (s2 >>> 16) & 0xff]
                    ^ C6[(int) (s1 >>> 8) & 0xff]
                    ^ C7[(int) s0 & 0xff]
                    ^ k7;
            s0 = n0;
            s1 = n1;
            s2 = n2;
            s3 = n3;
            s4 = n4;
            s5 = n5;
            s6 = n6;
            s7 = n7;
        }
        h[0] ^= s0 ^ m0;
        h[1] ^= s1 ^ m1;
        h[2] ^= s2 ^ m2;
        h[3] ^= s3 ^ m3;
        h[4] ^= s4 ^ m4;
        h[5] ^= s5 ^ m5;
        h[6] ^= s6 ^ m6;
        h[7] ^= s7 ^ m7;
    }

    @Override
    int lengthBytes() {
        return 32;
    }

    @Override
    byte[] result() {
        byte[] result = new byte[64];
        for (int i = 0; i < h.length; i++) {
            putLong(result, i * 8, h[i]);
        }
        return result;
    }

    @Override
    void chain(byte[] state, int from) {
        for (int i = 0; i < h.length; i++) {
            h[i] = getLong(state, from + i * 8);
        }
    }
}
