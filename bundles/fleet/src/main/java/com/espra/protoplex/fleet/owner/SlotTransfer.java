package com.espra.protoplex.fleet.owner;

import static java.util.Objects.requireNonNull;

import java.util.BitSet;

/**
 * Slots on their way.
 *
 * @param id names it among all of the role, for ever
 * @param from the old owner; empty when there was none
 * @param to the node that is to own
 * @param phase how far it is
 * @param told the epoch since which it is in this phase
 * @param slots as {@link SlotRanges} writes them
 */
public record SlotTransfer(long id, String from, String to, TransferPhase phase, long told, String slots) {

    /** Checks that nothing is missing. */
    public SlotTransfer {
        requireNonNull(from);
        requireNonNull(to);
        requireNonNull(phase);
        requireNonNull(slots);
    }

    /** Its slots. */
    public BitSet set() {
        return SlotRanges.read(slots);
    }

    /** The same in another phase. */
    public SlotTransfer in(TransferPhase next, long epoch) {
        return new SlotTransfer(id, from, to, next, epoch, slots);
    }
}
