package com.espra.protoplex.seed.access;

import java.util.Optional;

/**
 * Whoever showed a token, or a certificate.
 *
 * @param id of the token; {@code operator} for the one that {@code up} made, {@code link} for that of the nodes, {@code certificate} for a
 *     node that has one
 * @param name what it was made for; of a certificate the node
 * @param kind what it is
 * @param scope what it is good for; none but of operators
 */
public record TokenHolder(String id, String name, Kind kind, Optional<Scope> scope) {

    private static final String CERTIFICATE = "certificate";

    static final TokenHolder OPERATOR = operator("operator", "operator", Scope.ADMIN);
    static final TokenHolder LINK = new TokenHolder("link", "nodes", Kind.NODE, Optional.empty());

    /** Who it is. */
    public enum Kind {
        /** A person, or a program. */
        OPERATOR,
        /** A node: it opens a link, and fetches builds. */
        NODE,
        /** Who wants to be a node. */
        JOINER,
        /** Anybody. */
        STRANGER
    }

    static TokenHolder operator(String id, String name, Scope scope) {
        return new TokenHolder(id, name, Kind.OPERATOR, Optional.of(scope));
    }

    /** A node that has a certificate. */
    public static TokenHolder certified(String node) {
        return new TokenHolder(CERTIFICATE, node, Kind.NODE, Optional.empty());
    }

    /** Who has a token to join with. */
    public static TokenHolder joiner(String id) {
        return new TokenHolder(id, "join", Kind.JOINER, Optional.empty());
    }

    /** Who has nothing to show, and needs nothing. */
    public static TokenHolder stranger() {
        return new TokenHolder("", "", Kind.STRANGER, Optional.empty());
    }

    /** Whether it is an operator's, good for that. */
    public boolean has(Scope needed) {
        return scope.isPresent() && scope.get().covers(needed);
    }

    /** Whether it is a node's. */
    public boolean isNode() {
        return kind == Kind.NODE;
    }

    /** Whether it is a node that has shown a certificate, whose name this is. */
    public boolean isCertified() {
        return isNode() && id.equals(CERTIFICATE);
    }

    /** Whether it is an operator's. */
    public boolean isOperator() {
        return kind == Kind.OPERATOR;
    }
}
