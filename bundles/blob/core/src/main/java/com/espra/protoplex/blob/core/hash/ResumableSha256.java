package com.espra.protoplex.blob.core.hash;

/** SHA-256 (FIPS 180-4). The JDK's is faster, and cannot be kept in the middle. */
public final class ResumableSha256 extends ResumableHash {

    private static final int[] K = constants();

    private final int[] h = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };
    private final int[] w = new int[64];

    /**
     * Goes on from a state.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ResumableSha256 from(byte[] state) {
        ResumableSha256 hash = new ResumableSha256();
        hash.restore(state);
        return hash;
    }

    /** The first 32 bits behind the point of the cube roots of the first 64 primes. */
    private static int[] constants() {
        int[] constants = new int[64];
        int found = 0;
        for (int n = 2; found < constants.length; n++) {
            int candidate = n;
            if (java.util.stream.IntStream.rangeClosed(2, (int) Math.sqrt(n)).noneMatch(d -> candidate % d == 0)) {
                double root = Math.cbrt(n);
                constants[found++] = (int) (long) ((root - Math.floor(root)) * 0x1p32);
            }
        }
        return constants;
    }

    @Override
    void block(byte[] input, int from) {
        int[] words = w;
        for (int i = 0; i < 16; i++) {
            words[i] = (int) Longs.BIG_INT.get(input, from + i * 4);
        }
        for (int i = 16; i < 64; i++) {
            int x = words[i - 15];
            int y = words[i - 2];
            words[i] = words[i - 16]
                    + (Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ (x >>> 3))
                    + words[i - 7]
                    + (Integer.rotateRight(y, 17) ^ Integer.rotateRight(y, 19) ^ (y >>> 10));
        }
        int a = h[0];
        int b = h[1];
        int c = h[2];
        int d = h[3];
        int e = h[4];
        int f = h[5];
        int g = h[6];
        int k = h[7];
        for (int i = 0; i < 64; i++) {
            int t1 = k
                    + (Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25))
                    + ((e & f) ^ (~e & g))
                    + K[i]
                    + words[i];
            int t2 = (Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22))
                    + ((a & b) ^ (a & c) ^ (b & c));
            k = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        h[0] += a;
        h[1] += b;
        h[2] += c;
        h[3] += d;
        h[4] += e;
        h[5] += f;
        h[6] += g;
        h[7] += k;
    }

    @Override
    int lengthBytes() {
        return 8;
    }

    @Override
    byte[] result() {
        byte[] result = new byte[32];
        for (int i = 0; i < h.length; i++) {
            Longs.BIG_INT.set(result, i * 4, h[i]);
        }
        return result;
    }

    @Override
    void chain(byte[] state, int from) {
        for (int i = 0; i < h.length; i++) {
            h[i] = (int) Longs.BIG_INT.get(state, from + i * 4);
        }
    }
}
