package com.espra.protoplex.api.node;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a part of a node knows of the node's health: the children of one of several processes, or a shell that cannot be opened. It is a
 * service; the node is as well as the least well of its parts, and a part that has nothing to tell has none.
 *
 * <p>Threads: safe from any.
 */
@ProviderType
public interface NodeHealth {

    /** Service property: its value changes whenever the health does. */
    String CHANGE = "protoplex.change";

    /** The health now. */
    Health now();

    /**
     * The health of a node.
     *
     * @param state {@code HEALTHY}, {@code DEGRADED} (a process is being replaced, or something is missing) or {@code UNHEALTHY} (one fails again and again)
     * @param reason why it is not healthy; empty when it is
     * @param crash the last process that ended as it should not, and why; empty when none did since the node started
     * @param crashed when that was; {@link Instant#EPOCH} when none did
     */
    record Health(String state, String reason, String crash, Instant crashed) {

        /** Nothing is known to be wrong. */
        public static final Health GOOD = new Health("HEALTHY", "", "", Instant.EPOCH);
    }
}
