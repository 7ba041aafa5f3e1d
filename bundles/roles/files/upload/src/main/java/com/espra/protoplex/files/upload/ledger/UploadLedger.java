package com.espra.protoplex.files.upload.ledger;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the fleet knows of tokens and files.
 *
 * <p>Threads: safe from any; calls block.
 */
public interface UploadLedger {

    /**
     * A token by its id.
     *
     * @return empty if there is none; also one that is used
     * @throws IOException if that cannot be known now
     */
    Optional<UploadToken> token(String id) throws IOException;

    /** Makes a token. */
    void create(UploadToken token) throws IOException;

    /** Ends a token; false if there is none. */
    boolean revoke(String id) throws IOException;

    /** The first hundred tokens. */
    List<UploadToken> tokens() throws IOException;

    /**
     * Says what a file is from now on, and uses up a token that is for one. As often as it is asked for with the same upload, it is done once.
     *
     * @throws TokenUsedException if the token was used by another upload, or is revoked
     * @throws IOException if it is not certain that it was done: ask again
     */
    void record(UploadedFile file) throws IOException;

    /**
     * Forgets which uploads were recorded before that time: they are not repeated any more. Some hundreds at most, the rest the next time.
     *
     * @throws IOException if it cannot be done now
     */
    void forget(Instant before) throws IOException;
}
