package com.espra.protoplex.api.directory;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who is in the fleet: a service, for roles. It answers from memory, also while the Seed is away and after a restart without one: then with
 * what was known last, which has its date. What is unknown is never an empty fleet.
 *
 * <p>Whoever wants to hear of changes registers a {@link DirectoryListener}.
 *
 * <p>Threads: safe from any; no call blocks.
 */
@ProviderType
public interface Directory {

    /** The newest snapshot; empty when this node has never heard of the fleet. */
    Optional<FleetSnapshot> snapshot();

    /**
     * Whether the Seed tells this node of changes now: then the snapshot is a few seconds old at most, in a fleet that is not changing as a
     * whole. Otherwise it is as old as its date says.
     */
    boolean isCurrent();
}
