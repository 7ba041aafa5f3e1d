package com.espra.protoplex.seed.access;

import java.time.Instant;

/**
 * A token that an operator made. What is kept of its secret is the hash.
 *
 * @param id 8 hexadecimal digits, part of the token: safe to show
 * @param name what it is for
 * @param scope what it is good for
 * @param sha256 of the whole token, in hexadecimal
 * @param created when it was made
 * @param by who made it
 * @param expires from when on it is refused; {@link Instant#MAX} for never
 */
public record OperatorToken(
        String id, String name, Scope scope, String sha256, Instant created, String by, Instant expires) {

    /** Whether it can expire. */
    public boolean hasEnd() {
        return !expires.equals(Instant.MAX);
    }

    TokenHolder holder() {
        return TokenHolder.operator(id, name, scope);
    }
}
