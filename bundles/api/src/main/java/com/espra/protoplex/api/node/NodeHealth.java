package com.espra.protoplex.api.node;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The health of a node of several processes: a service in its parent. A node of one process has none.
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
     * @param state {@code HEALTHY}, {@code DEGRADED} (a process is being replaced) or {@code UNHEALTHY} (one fails again and again)
     * @param reason why it is not healthy; empty when it is
     * @param crash the last process that ended as it should not, and why; empty when none did since the node started
     * @param crashed when that was; {@link Instant#EPOCH} when none did
     */
    record Health(String state, String reason, String crash, Instant crashed) {

        /** Nothing is known to be wrong. */
        public static final Health GOOD = new Health("HEALTHY", "", "", Instant.EPOCH);
    }
}
