package com.espra.protoplex.api.standing;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What clients of the public listeners still wait for, in all processes that serve them: a service.
 *
 * <p>Threads: safe from any. A call may wait a second for another process.
 */
@ProviderType
@FunctionalInterface
public interface InFlight {

    /**
     * What is in flight.
     *
     * @return a line for each unit that has something, for people, such as {@code shop 1.2.0: 3 requests, 1 channel}; empty when nothing is
     */
    List<String> lines();
}
