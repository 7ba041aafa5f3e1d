package com.espra.protoplex.live.core;

import java.time.Instant;
import java.util.Optional;

/**
 * What a client's token says that was verified.
 *
 * @param user by whose right the client is there, which is what {@link Hub#revoke} names; empty if the token names nobody
 * @param expires when its right ends; empty if it does not
 */
public record ClientToken(String user, Optional<Instant> expires) {

    /** How many characters a user's name has at most. */
    public static final int LONGEST_USER = 256;

    /** Of who shows none. */
    public static final ClientToken NONE = new ClientToken("", Optional.empty());
}
