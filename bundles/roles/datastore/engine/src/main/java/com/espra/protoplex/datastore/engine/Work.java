package com.espra.protoplex.datastore.engine;

import org.jspecify.annotations.Nullable;

/** What a commit does, with nobody else beside it: it sees all that was committed before, and its own changes. Quick, for others wait. */
@FunctionalInterface
public interface Work<T> {

    /**
     * Reads and writes. Whatever it throws undoes it, and goes to whoever asked for it.
     */
    T apply(Writer writer);

    /** The store, as it is for one commit. */
    interface Writer {

        /** The version that all writes of this commit get: microseconds since 1970, larger than any before. */
        long version();

        /** The value of a key, or null. */
        byte @Nullable [] get(byte[] key);

        /** Sets a key. */
        void put(byte[] key, byte[] value);

        /** Sets a key that has no value now; nobody looks whether it has. */
        void add(byte[] key, byte[] value);

        /** Takes a key away. */
        void delete(byte[] key);
    }
}
