package com.espra.protoplex.fleet.owner;

/** What may happen to slots on their way; in the order in which they count when several are so. */
public enum TransferEvent {
    /** The node that is to own can no longer: its lease is over, or it no longer has the role. */
    NEW_GONE,
    /** The lease of the old owner is over. */
    OLD_GONE,
    /** The old owner says that it has let go. */
    RELEASED,
    /** The new one says that it is ready. */
    READY,
    /** Everybody who asks knows that he is to wait, or has no lease. */
    ALL_KNOW
}
