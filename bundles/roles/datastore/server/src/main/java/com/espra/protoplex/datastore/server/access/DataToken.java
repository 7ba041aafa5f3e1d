package com.espra.protoplex.datastore.server.access;

import java.time.Instant;

/**
 * A token as it is kept: not what its caller sends.
 *
 * @param digest of its random bytes, in hex
 * @param note for people: whose it is
 */
public record DataToken(String digest, DataScope scope, String note, Instant created) {

    private static final int ID_CHARACTERS = 12;

    /** By which people and logs name it. */
    public String id() {
        return digest.substring(0, ID_CHARACTERS);
    }
}
