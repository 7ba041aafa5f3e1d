package com.espra.protoplex.fleet.owner;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Who owns the slots of a role. The Seed makes it, keeps it, and tells it as it stands here.
 *
 * @param role the role
 * @param owned {@code leased} or {@code standing}: what an owner does that does not reach the Seed
 * @param epoch grows with each change
 * @param owners node to its slots, as {@link SlotRanges} writes them: those that it is losing included, until it has let go
 * @param transfers the slots that are on their way
 */
public record OwnerTable(
        String role, String owned, long epoch, Map<String, String> owners, List<SlotTransfer> transfers) {

    /** An owner ceases to own when its lease is over. */
    public static final String LEASED = "leased";

    /** The last assignment stands. */
    public static final String STANDING = "standing";

    /**
     * Keeps copies.
     *
     * @throws IllegalArgumentException if a slot is said to have two owners, or to be on two ways
     */
    public OwnerTable {
        requireNonNull(role);
        requireNonNull(owned);
        owners = Map.copyOf(owners);
        transfers = List.copyOf(transfers);
        BitSet seen = new BitSet(SlotRanges.COUNT);
        owners.values().forEach(slots -> addOnce(seen, SlotRanges.read(slots)));
        BitSet moving = new BitSet(SlotRanges.COUNT);
        transfers.forEach(transfer -> addOnce(moving, transfer.set()));
    }

    private static void addOnce(BitSet seen, BitSet more) {
        if (seen.intersects(more)) {
            throw new IllegalArgumentException("a slot is named twice: " + SlotRanges.write(more));
        }
        seen.or(more);
    }

    /** Nobody owns anything yet. */
    public static OwnerTable of(String role, String owned) {
        return new OwnerTable(role, owned, 0, Map.of(), List.of());
    }

    /** Whether its owners cease to own without a lease. */
    public boolean isLeased() {
        return !owned.equals(STANDING);
    }

    /** The owner of each slot; empty where there is none. */
    public String[] bySlot() {
        String[] nodes = new String[SlotRanges.COUNT];
        Arrays.fill(nodes, "");
        owners.forEach((node, slots) -> SlotRanges.read(slots).stream().forEach(slot -> nodes[slot] = node));
        return nodes;
    }

    /** The slots that are on their way. */
    public BitSet moving() {
        BitSet all = new BitSet(SlotRanges.COUNT);
        transfers.forEach(transfer -> all.or(transfer.set()));
        return all;
    }

    /** The slots for which who asks is to wait: nobody serves them now. */
    public BitSet held() {
        BitSet all = new BitSet(SlotRanges.COUNT);
        transfers.stream().filter(transfer -> transfer.phase().holds()).forEach(transfer -> all.or(transfer.set()));
        return all;
    }
}
