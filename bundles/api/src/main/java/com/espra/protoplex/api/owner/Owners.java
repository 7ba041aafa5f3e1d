package com.espra.protoplex.api.owner;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which node owns a key of a role, as this node knows it: answered from memory, without a lock. A role is owned once a {@link SlotHolder} of
 * it is there on some node. Safe from any thread.
 */
@ProviderType
public interface Owners {

    /**
     * The owner of a key. While the Seed is away it is the last one that was known, also after a restart.
     *
     * @return empty when nothing was ever heard of owners of the role: that is unknown, and not nobody
     */
    Optional<KeyOwner> owner(String role, String key);

    /**
     * The owner of a key when it does not move: at once, or when it has moved.
     *
     * @return fails with an {@link OwnerUnavailableException} when that takes longer than 10 s, or more than 10,000 wait on this node
     */
    CompletionStage<KeyOwner> settled(String role, String key);

    /** Whether this node owns a key right now: to be asked before each thing that only the owner may do. */
    boolean owns(String role, String key);

    /** The owned roles that this node has heard of. */
    Set<String> roles();

    /** The owners of all slots of a role, in their order; empty when nothing was ever heard of them. */
    List<KeyOwner> slots(String role);

    /** Whether what is known of the role is fresh: the Seed has confirmed it within the last 10 s. */
    boolean isCurrent(String role);
}
