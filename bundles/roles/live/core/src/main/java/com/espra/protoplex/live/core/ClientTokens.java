package com.espra.protoplex.live.core;

import java.util.Optional;

/** Verifies tokens of clients, for every protocol that they speak. Safe from any thread, and waits for nobody. */
public interface ClientTokens {

    /**
     * Verifies one.
     *
     * @param token as the client has sent it: anything
     * @return empty if it is not accepted, for whatever reason: a key that is not known, a time that is over, a user's name that is too long
     */
    Optional<ClientToken> verify(String token);
}
