package com.espra.protoplex.proxy.server.choice;

/** Hashes that spread, and are the same in every process and version: every proxy sends a key to the same target. */
public final class Hashes {

    private Hashes() {}

    /** FNV-1a over the characters, mixed. */
    public static long of(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** The finalizer of MurmurHash3 with Stafford's constants. */
    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
