package com.espra.protoplex.seed.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What an operator's token is good for. Each covers those before it. */
public enum Scope {
    /** To look. */
    READ,
    /** To push builds, deploy, roll back and configure. */
    PUSH,
    /** Everything: roles, nodes, upgrades, tokens. */
    ADMIN;

    /** Whether whoever has this scope may do what needs the other. */
    public boolean covers(Scope other) {
        return compareTo(other) >= 0;
    }

    /** As it is written: in lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scope that is written like this; empty when there is none. */
    public static Optional<Scope> of(String word) {
        return Stream.of(values()).filter(scope -> scope.word().equals(word)).findFirst();
    }
}
