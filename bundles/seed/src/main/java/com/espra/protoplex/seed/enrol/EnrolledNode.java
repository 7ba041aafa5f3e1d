package com.espra.protoplex.seed.enrol;

import java.time.Instant;
import java.util.Set;

/**
 * A node that has a certificate.
 *
 * @param node its name
 * @param key the digest of its key
 * @param roles those that it was let in for; empty: it is not known, as its enrolment was lost with the Seed's state
 * @param token the id of the token that it joined with
 * @param since when it joined
 * @param until the end of its last certificate
 */
public record EnrolledNode(String node, String key, Set<String> roles, String token, Instant since, Instant until) {

    /** Keeps a copy. */
    public EnrolledNode {
        roles = Set.copyOf(roles);
    }

    EnrolledNode until(Instant end) {
        return new EnrolledNode(node, key, roles, token, since, end);
    }
}
