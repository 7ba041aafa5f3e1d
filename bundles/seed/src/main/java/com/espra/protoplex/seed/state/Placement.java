package com.espra.protoplex.seed.state;

import java.time.Instant;
import java.util.Set;

/**
 * The roles of a node, as an operator has changed them.
 *
 * @param roles in place of those in the node's own configuration
 * @param changed when
 */
public record Placement(Set<String> roles, Instant changed) {

    /** Keeps a copy. */
    public Placement {
        roles = Set.copyOf(roles);
    }
}
