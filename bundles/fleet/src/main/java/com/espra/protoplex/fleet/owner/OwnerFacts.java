package com.espra.protoplex.fleet.owner;

import java.util.List;
import java.util.Set;

/** What the Seed knows at one moment of those who own the slots of a role, and of those who ask. */
interface OwnerFacts {

    /** The nodes that can own. */
    Set<String> members();

    /** The node that should own each slot; only if there are members. */
    List<String> assignment();

    /** Whether what is well may be moved: who can own has not changed for a while. */
    boolean mayRebalance();

    /** Whether the lease of a node is over. */
    boolean isGone(String node);

    /** Whether a node may have a lease, and has not said since the Seed's start what it has. */
    boolean isUnheard(String node);

    /** Whether that is so. */
    boolean is(TransferEvent event, SlotTransfer transfer);
}
