package com.espra.protoplex.host.process;

import com.espra.protoplex.host.process.supervise.ChildId;
import java.time.Instant;

/**
 * A child as it is now.
 *
 * @param child which
 * @param pid its process
 * @param revision of what
 * @param phase how far it has come
 * @param started when
 * @param memoryBytes its resident memory when it was last looked at
 */
public record ChildStatus(ChildId child, long pid, int revision, Phase phase, Instant started, long memoryBytes) {

    /** How far a child has come. */
    public enum Phase {
        /** Its process runs. */
        STARTING,
        /** It could serve. */
        PREPARED,
        /** Its listeners are open. */
        SERVING,
        /** It ends what it has begun. */
        DRAINING
    }
}
