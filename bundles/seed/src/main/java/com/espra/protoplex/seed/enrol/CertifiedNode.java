package com.espra.protoplex.seed.enrol;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A node that has shown a certificate on its connection.
 *
 * @param node its name
 * @param key the digest of its key
 * @param roles those that it was let in for; empty: any
 * @param until the end of the certificate
 */
public record CertifiedNode(String node, String key, Set<String> roles, Instant until) {

    /** Why a node that says this of itself is not the one that the certificate is for; empty if it is. */
    public Optional<String> contradicts(String name, Set<String> claimed) {
        if (!name.equals(node)) {
            return Optional.of("it calls itself " + name + ", and its certificate is for " + node);
        }
        if (roles.isEmpty() || roles.containsAll(claimed)) {
            return Optional.empty();
        }
        Set<String> more = new TreeSet<>(claimed);
        more.removeAll(roles);
        return Optional.of("its node.json gives it " + String.join(", ", more) + ", and it was let in for "
                + String.join(", ", new TreeSet<>(roles)) + ": an operator adds roles, with role add");
    }
}
