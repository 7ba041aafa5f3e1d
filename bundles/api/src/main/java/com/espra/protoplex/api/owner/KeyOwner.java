package com.espra.protoplex.api.owner;

/**
 * The owner of a slot, and so of each key in it.
 *
 * @param role the role that owns
 * @param slot the slot; see {@link KeySlots}
 * @param node the node that owns it; empty while nobody does
 * @param epoch of the table that says so: it grows with each change of an owner of the role, so of two answers the one with the larger epoch
 *     is right. Who stores something for an owner refuses what comes with a smaller one
 * @param moving whether it is on its way to another node: what is for it should wait, see {@link Owners#settled}
 */
public record KeyOwner(String role, int slot, String node, long epoch, boolean moving) {

    /** Whether there is a node to send to now. */
    public boolean isSettled() {
        return !moving && !node.isEmpty();
    }
}
