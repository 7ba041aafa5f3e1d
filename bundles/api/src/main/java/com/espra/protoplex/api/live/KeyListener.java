package com.espra.protoplex.api.live;

import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears which keys of the fleet changed: what caches are emptied by. A role offers it, with {@code protoplex.offer=true} and the property
 * {@link #KEYS}, on any node that has the role {@code live} or {@code live-link}.
 *
 * <p>It hears of each key at least once: a call that throws is made again. What cannot be told any more, because this node was away for longer than
 * updates are kept, or Live has lost them, is told as {@link #everythingMayHaveChanged}; so is the beginning.
 *
 * <p>Threads: Live calls one at a time; a role of the same process that has changed something itself may call beside it.
 */
@ConsumerType
public interface KeyListener {

    /** The service property, {@code String+}: the beginnings of the keys that it wants to hear of, such as {@code file:}. */
    String KEYS = "protoplex.live.keys";

    /**
     * These changed.
     *
     * @throws Exception if it could not do what it had to: it is called again, a little later each time
     */
    void changed(Set<String> keys) throws Exception;

    /** What is known may be wrong, whatever it is: all of it is to be dropped. As often as it is called. */
    void everythingMayHaveChanged() throws Exception;
}
