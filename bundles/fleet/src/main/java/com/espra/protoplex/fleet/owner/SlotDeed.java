package com.espra.protoplex.fleet.owner;

import java.util.BitSet;

/**
 * What the holder of a role's slots is to be told.
 *
 * @param kind what
 * @param number by which {@link LocalSlots} is told that it is done
 * @param epoch of the table that it comes from
 * @param slots the slots; nobody changes them
 */
public record SlotDeed(Kind kind, long number, long epoch, BitSet slots) {

    /** What is to be done. */
    public enum Kind {
        /** Get ready; tells when. */
        PREPARE,
        /** Own. */
        OWN,
        /** End and let go; tells when. */
        RELEASE,
        /** They are not owned any more. */
        LOST
    }
}
