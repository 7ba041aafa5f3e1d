package com.espra.protoplex.blob.file;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SequencedCollection;
import java.util.TreeSet;

/** The first keys of many, without keeping the others. */
final class Smallest {

    static final Comparator<String> ORDER =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private final TreeSet<String> keys = new TreeSet<>(ORDER);
    private final int most;
    private boolean hasMore;

    Smallest(int most) {
        this.most = most;
    }

    void add(String key) {
        if (key.isEmpty()) {
            return;
        }
        keys.add(key);
        if (keys.size() > most) {
            keys.removeLast();
            hasMore = true;
        }
    }

    SequencedCollection<String> keys() {
        return keys;
    }

    boolean hasMore() {
        return hasMore;
    }
}
