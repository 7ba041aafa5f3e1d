package com.espra.protoplex.api.http;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The requests of the public listeners that have ended, in all processes of a node: a service of a process that serves none itself. One that
 * does has them of its {@link Dispatcher}.
 *
 * <p>Threads: safe from any. A call may wait a fifth of a second for another process.
 */
@ProviderType
@FunctionalInterface
public interface RequestCounts {

    /**
     * The requests, by unit.
     *
     * @return numbers that only grow while the unit is there; what a process that has ended had not told is not among them
     */
    List<UnitTraffic> traffic();
}
