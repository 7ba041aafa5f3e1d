package com.espra.protoplex.app.session;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the sessions of one unit are kept as bytes. It holds no object of a generation.
 *
 * <p>Threads: safe from any.
 */
interface SessionStore extends AutoCloseable {

    /** Whether other processes serve the same sessions: then a response must not leave before what it tells of is stored. */
    boolean isShared();

    /** The session as it was stored last, by whomever. */
    Optional<StoredSession> get(String id);

    /**
     * Stores a session as one generation has it. What this generation has not changed since it last read or wrote the session keeps
     * what others made of it.
     *
     * @param known what the generation knew of it; null if it has just begun it
     * @return what the generation knows now; null if the session is gone and must not come back
     * @throws SessionStoreException if it could not be stored; nothing has changed then
     */
    @Nullable
    Known put(StoredSession own, @Nullable Known known) throws SessionStoreException;

    /** Ends a session, for everybody. */
    void delete(String id);

    /**
     * Of these sessions, the ones whose end is the caller's to tell: they are gone, or have expired for everybody and the caller is the
     * first to ask.
     */
    Set<String> expired(Set<String> candidates, long time);

    /** All sessions that have expired and whose end nobody was asked about. */
    Set<String> expired(long time);

    /** Brings to disk what is not there yet, and lets go. */
    @Override
    void close();

    /**
     * What a generation knows of a session since it last read or wrote it.
     *
     * @param seen the attributes as they were stored
     * @param own the same attributes as the generation serialises them: the bytes may differ though the objects do not
     * @param maxInactive as it was stored
     * @param version of what was seen
     */
    record Known(Map<String, byte[]> seen, Map<String, byte[]> own, long maxInactive, long version) {

        public Known {
            seen = Map.copyOf(seen);
            own = Map.copyOf(own);
        }

        boolean hasChanged(String name, byte @Nullable [] now) {
            return !Arrays.equals(own.get(name), now);
        }

        /** What is known after this was stored, as the given version. */
        static Known after(StoredSession stored, @Nullable Known before, long version) {
            Map<String, byte[]> seen = new HashMap<>(stored.attributes());
            if (before != null) {
                before.seen().forEach((name, bytes) -> {
                    if (!before.hasChanged(name, stored.attributes().get(name))) {
                        seen.put(name, bytes);
                    }
                });
            }
            return new Known(seen, stored.attributes(), stored.maxInactive(), version);
        }
    }
}
