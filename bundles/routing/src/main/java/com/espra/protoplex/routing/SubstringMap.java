package com.espra.protoplex.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from strings that is asked for a <em>part</em> of a string, so that looking up a prefix of a path makes no
 * new string. Open addressing with linear probing, at most half full.
 */
final class SubstringMap<V> {

    /** The hash of the empty region, and the start of every other. */
    static final int SEED = 0;

    private final @Nullable String[] keys;
    private final @Nullable Object[] values;
    private final int mask;

    SubstringMap(Map<String, V> entries) {
        int slots = Integer.highestOneBit(Math.max(1, entries.size()) * 2 - 1) * 2;
        keys = new @Nullable String[slots];
        values = new @Nullable Object[slots];
        mask = slots - 1;
        entries.forEach((key, value) -> {
            int slot = slot(hash(key, 0, key.length()));
            while (keys[slot] != null) {
                slot = (slot + 1) & mask;
            }
            keys[slot] = key;
            values[slot] = value;
        });
    }

    /** The hash of a region that is one character longer. */
    static int extend(int hash, char next) {
        return 31 * hash + next;
    }

    static int hash(String text, int from, int to) {
        int hash = SEED;
        for (int i = from; i < to; i++) {
            hash = extend(hash, text.charAt(i));
        }
        return hash;
    }

    @Nullable
    V get(String text, int from, int to) {
        return get(text, from, to, hash(text, from, to));
    }

    /** As {@link #get(String, int, int)}, for who has the hash already. */
    @SuppressWarnings("unchecked") // only the constructor writes values, and only those of type V
    @Nullable
    V get(String text, int from, int to, int hash) {
        int length = to - from;
        for (int slot = slot(hash); ; slot = (slot + 1) & mask) {
            String key = keys[slot];
            if (key == null) {
                return null;
            }
            if (key.length() == length && key.regionMatches(0, text, from, length)) {
                return (V) values[slot];
            }
        }
    }

    private int slot(int hash) {
        return (hash ^ (hash >>> 16)) & mask;
    }
}
