package com.espra.protoplex.seed.enrol;

import java.time.Instant;
import java.util.Set;

/**
 * A token that nodes join with. What is kept of its secret is the hash; what has ended is kept for a while, so that whoever still shows it
 * hears why it is refused.
 *
 * @param id 8 hexadecimal digits, part of the token: safe to show
 * @param sha256 of the token without the digest of the authority, in hexadecimal
 * @param created when it was made
 * @param by who made it
 * @param expires from when on it is refused
 * @param uses how many nodes may join with it
 * @param left how many still may
 * @param roles the roles that they may have, and have unless they want fewer
 * @param node the only name that they may take; empty for any
 * @param revoked whether an operator has ended it
 */
public record JoinToken(
        String id,
        String sha256,
        Instant created,
        String by,
        Instant expires,
        int uses,
        int left,
        Set<String> roles,
        String node,
        boolean revoked) {

    /** Keeps a copy. */
    public JoinToken {
        roles = Set.copyOf(roles);
    }

    /** What is so of it, in a word: {@code good}, {@code used}, {@code expired} or {@code revoked}. */
    public String state(Instant now) {
        if (revoked) {
            return "revoked";
        }
        if (!now.isBefore(expires)) {
            return "expired";
        }
        return left > 0 ? "good" : "used";
    }

    JoinToken used() {
        return new JoinToken(id, sha256, created, by, expires, uses, left - 1, roles, node, revoked);
    }

    JoinToken ended() {
        return new JoinToken(id, sha256, created, by, expires, uses, left, roles, node, true);
    }
}
