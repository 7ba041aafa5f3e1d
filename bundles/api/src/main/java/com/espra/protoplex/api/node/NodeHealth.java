package com.espra.protoplex.api.node;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How a node of several processes is, as a service of whoever knows them. A node of one process has none: it is well, or it is gone.
 *
 * <p>Threads: safe from any.
 */
@ProviderType
public interface NodeHealth {

    /** Service property: another value after each change. */
    String CHANGE = "protoplex.change";

    /** As it is now. */
    Health now();

    /**
     * How it is.
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
