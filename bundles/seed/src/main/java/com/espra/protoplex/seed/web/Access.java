package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.access.Scope;
import com.espra.protoplex.seed.access.TokenHolder;

/** Who may call. */
enum Access {
    /** Operators who may look. */
    READ,
    /** Operators who may push. */
    PUSH,
    /** Operators who may do everything. */
    ADMIN,
    /** Nodes. */
    LINK,
    /** Nodes, and operators who may look. */
    READ_OR_LINK,
    /** Who has a token to join with. */
    JOIN,
    /** Anybody: what is sent proves itself. */
    OPEN;

    boolean isFor(TokenHolder holder) {
        return switch (this) {
            case READ -> holder.has(Scope.READ);
            case PUSH -> holder.has(Scope.PUSH);
            case ADMIN -> holder.has(Scope.ADMIN);
            case LINK -> holder.isNode();
            case READ_OR_LINK -> holder.isNode() || holder.has(Scope.READ);
            case JOIN -> holder.kind() == TokenHolder.Kind.JOINER;
            case OPEN -> true;
        };
    }

    /** The least scope that an operator's token needs. */
    Scope scope() {
        return switch (this) {
            case PUSH -> Scope.PUSH;
            case ADMIN -> Scope.ADMIN;
            default -> Scope.READ;
        };
    }
}
