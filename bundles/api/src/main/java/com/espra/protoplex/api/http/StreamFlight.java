package com.espra.protoplex.api.http;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A connection of a stream listener, as {@link Dispatcher#admit} has it: its own end of what a backend does with it.
 *
 * <p>Threads: called from any; no call blocks.
 */
@ConsumerType
public interface StreamFlight {

    /** The backend drains, or its unit is held: it should come to its end. It may be called more than once. */
    void leave();

    /** The deadline is over: it is closed now, whatever its handler does. */
    void breakOff();
}
