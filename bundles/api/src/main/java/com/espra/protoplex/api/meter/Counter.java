package com.espra.protoplex.api.meter;

import org.osgi.annotation.versioning.ProviderType;

/** Counts what only grows. Threads: safe from any. */
@ProviderType
public interface Counter {

    /**
     * Adds to what was counted.
     *
     * @param amount not negative
     * @param values of its labels, in their order
     * @throws IllegalArgumentException if the amount is negative, or there are more or fewer values than labels
     */
    void add(long amount, String... values);
}
