package com.espra.protoplex.api.meter;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** Notes how long something took. Threads: safe from any. */
@ProviderType
public interface Timer {

    /**
     * Notes one.
     *
     * @param values of its labels, in their order
     * @throws IllegalArgumentException if there are more or fewer values than labels
     */
    void record(Duration took, String... values);
}
