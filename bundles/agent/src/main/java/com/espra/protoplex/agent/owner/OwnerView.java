package com.espra.protoplex.agent.owner;

import com.espra.protoplex.api.owner.KeyOwner;
import com.espra.protoplex.fleet.owner.OwnerTable;
import java.util.BitSet;
import java.util.List;

/** A table as it is asked: an answer for each slot, made once. */
record OwnerView(List<KeyOwner> slots) {

    static OwnerView of(OwnerTable table) {
        String[] nodes = table.bySlot();
        BitSet held = table.held();
        KeyOwner[] owners = new KeyOwner[nodes.length];
        for (int slot = 0; slot < nodes.length; slot++) {
            owners[slot] = new KeyOwner(table.role(), slot, nodes[slot], table.epoch(), held.get(slot));
        }
        return new OwnerView(List.of(owners));
    }
}
