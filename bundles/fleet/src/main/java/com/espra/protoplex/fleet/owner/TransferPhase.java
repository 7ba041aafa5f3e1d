package com.espra.protoplex.fleet.owner;

/** How far slots are on their way from one owner to the next. */
public enum TransferPhase {
    /** The old one owns, and serves; the new one gets ready. */
    PREPARE,
    /** The old one owns still; who asks is told to wait, until all who ask know it. */
    SWITCH,
    /** The old one ends what it began, and lets go; who asks waits. */
    DRAIN,
    /** Nobody owns: the old one has let go, or its lease is over. The new one gets ready; who asks waits. */
    RECOVER;

    /** Whether the old one still owns. */
    public boolean isOld() {
        return this != RECOVER;
    }

    /** Whether who asks is to wait. */
    public boolean holds() {
        return this != PREPARE;
    }
}
