package com.espra.protoplex.seed.access;

import java.util.Optional;

/**
 * Whoever showed a token.
 *
 * @param id of the token; {@code operator} for the one that {@code up} made, {@code link} for that of the nodes
 * @param name what it was made for
 * @param scope what it is good for; none for nodes, which open links and fetch builds
 */
public record TokenHolder(String id, String name, Optional<Scope> scope) {

    static final TokenHolder OPERATOR = new TokenHolder("operator", "operator", Optional.of(Scope.ADMIN));
    static final TokenHolder LINK = new TokenHolder("link", "nodes", Optional.empty());

    /** Whether it is an operator's, good for that. */
    public boolean has(Scope needed) {
        return scope.isPresent() && scope.get().covers(needed);
    }

    /** Whether it is a node's. */
    public boolean isNode() {
        return scope.isEmpty();
    }
}
