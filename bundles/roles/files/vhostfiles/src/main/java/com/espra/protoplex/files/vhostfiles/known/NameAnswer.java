package com.espra.protoplex.files.vhostfiles.known;

import java.util.Optional;

/** What a name stands for, as of a look. */
final class NameAnswer<V> {

    private static final int OVERHEAD_BYTES = 256;

    final String name;
    final Optional<V> value;
    /** Of the look, before it began. */
    final int era;

    final long nanos;
    /** Whether somebody has asked for it since the last sweep. */
    volatile boolean used;

    private final int bytes;

    NameAnswer(String name, Optional<V> value, int valueBytes, int era, long nanos) {
        this.name = name;
        this.value = value;
        this.era = era;
        this.nanos = nanos;
        bytes = OVERHEAD_BYTES + 2 * name.length() + valueBytes;
    }

    /** About what it takes in memory. */
    int bytes() {
        return bytes;
    }
}
