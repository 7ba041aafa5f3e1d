package com.espra.protoplex.api.owner;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Slots of a role.
 *
 * @param role the role
 * @param epoch of the table that gives or takes them; see {@link KeyOwner#epoch}
 * @param slots from 0 to {@link KeySlots#COUNT} - 1, in order; not empty
 */
public record OwnedSlots(String role, long epoch, Set<Integer> slots) {

    /** Keeps a copy. */
    public OwnedSlots {
        slots = Collections.unmodifiableSet(new TreeSet<>(slots));
    }

    /** Whether a key is in one of them. */
    public boolean contains(String key) {
        return slots.contains(KeySlots.of(key));
    }
}
