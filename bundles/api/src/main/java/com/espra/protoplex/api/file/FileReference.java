package com.espra.protoplex.api.file;

import java.time.Instant;

/**
 * A file that is to be served.
 *
 * @param key of its blob
 * @param contentType what is to be said of it; empty: what the blob says, or the end of its name
 * @param name by whose end its type is found if nobody says it; may be empty
 * @param status of the answer, such as 404 for a page that says so; 200 usually
 * @param maxAgeSeconds how long others may keep the answer without asking again
 * @param immutable whether what is under this address never changes
 * @param modified since when this is what is under the address, to the second; {@link Instant#EPOCH}: since the blob was made. A file that was
 *     replaced by an older blob is newer than that
 */
public record FileReference(
        String key,
        String contentType,
        String name,
        int status,
        long maxAgeSeconds,
        boolean immutable,
        Instant modified) {

    /** Which is what it is since its blob was made. */
    public FileReference(
            String key, String contentType, String name, int status, long maxAgeSeconds, boolean immutable) {
        this(key, contentType, name, status, maxAgeSeconds, immutable, Instant.EPOCH);
    }
}
