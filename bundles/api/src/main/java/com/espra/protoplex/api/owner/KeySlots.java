package com.espra.protoplex.api.owner;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The slot of a key. Keys are without number, so what has an owner is a slot: each key is in one of {@value #COUNT}, the same on every node
 * and in every version.
 */
@ProviderType
public interface KeySlots {

    /** How many slots a role has, from 0 on. */
    int COUNT = 1024;

    /** The slot of a key: of the 64-bit FNV-1a hash of its UTF-16 code units, high byte first, mixed, the upper ten bits. Allocates nothing. */
    static int of(String key) {
        return (int) (hash(key) >>> 54);
    }

    /** A 64-bit hash of a text, all of whose bits depend on all of it; no secret is in it. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            hash = (hash ^ (unit >>> 8)) * 0x100000001b3L;
            hash = (hash ^ (unit & 0xff)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** The finalizer of MurmurHash3 (64 bits): what differs in one bit differs in about half of them afterwards. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
