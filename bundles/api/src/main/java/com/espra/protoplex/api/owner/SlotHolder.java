package com.espra.protoplex.api.owner;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a role registers that owns keys: each key has one owner among the nodes that run the role. The platform calls the one of the live
 * version. When it is unregistered, because its version goes, it has let go of all by itself; the next version's is asked to prepare all that the
 * node owns.
 *
 * <p>Of a slot the calls come in this order: {@link #prepare}; then {@link #own}, or {@link #release} when it does not come to that; and when it
 * owned, {@link #release} or {@link #lost}. An exception of {@link #prepare}, also of its stage, has it called again, a little later each time.
 *
 * <p>Threads: one at a time, and never the same as that of a request; a call that takes long holds up the others.
 */
@ConsumerType
public interface SlotHolder {

    /** The service property that says what an owner does that does not reach the Seed: {@link #LEASED}, which goes without saying, or {@link #STANDING}. */
    String OWNED = "protoplex.owned";

    /**
     * It ceases to own within seconds, and the slots are given to another node only after that: never two owners at once. While no Seed is there
     * nobody owns.
     */
    String LEASED = "leased";

    /**
     * The last assignment stands while no Seed is there. An owner that is cut off from the Seed alone may so be one of two for a while: what it
     * does is to be fenced by the epoch.
     */
    String STANDING = "standing";

    /**
     * Get ready to own these: another node may still do. Opens what can be opened beside the present owner, such as a copy that follows.
     *
     * @return completes when it is ready; within 30 s, or it is taken for failed
     */
    CompletionStage<?> prepare(OwnedSlots slots);

    /** This node owns them from now on, and no other does. */
    void own(OwnedSlots slots);

    /**
     * Another node is to own them, or what was prepared is not needed: nothing new comes. End what was begun, and let go.
     *
     * @return completes when nothing is left; within 30 s, or they are {@link #lost}
     */
    CompletionStage<?> release(OwnedSlots slots);

    /** This node has ceased to own them already, and another may own them now: drop what is held, write nothing more. */
    void lost(OwnedSlots slots);
}
