package com.espra.protoplex.fleet.owner;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * What a node says of an owned role: all of it, so that what was lost or came twice does no harm.
 *
 * @param role the role
 * @param holds {@link OwnerTable#LEASED} or {@link OwnerTable#STANDING}, if it can own; empty: it cannot
 * @param epoch of the table that it goes by; 0 when it has none
 * @param ready the transfers to it that it is ready for
 * @param released the transfers from it of which it owns nothing, and will not again
 */
public record RoleReport(String role, String holds, long epoch, Set<Long> ready, Set<Long> released) {

    /** Keeps copies. */
    public RoleReport {
        requireNonNull(role);
        requireNonNull(holds);
        ready = Set.copyOf(ready);
        released = Set.copyOf(released);
    }

    /** Of a node that has said nothing of the role. */
    static RoleReport none(String role) {
        return new RoleReport(role, "", 0, Set.of(), Set.of());
    }

    /** Whether the two differ at most in their epochs. */
    boolean isSameBut(RoleReport other) {
        return holds.equals(other.holds()) && ready.equals(other.ready()) && released.equals(other.released());
    }

    /** Whether it can own. */
    public boolean canOwn() {
        return !holds.isEmpty();
    }
}
