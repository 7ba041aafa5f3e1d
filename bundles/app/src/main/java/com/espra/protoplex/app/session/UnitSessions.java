package com.espra.protoplex.app.session;

import com.espra.protoplex.app.session.SessionStore.Known;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one unit, for all of its generations in this process: a store of bytes, and whoever may have newer objects.
 *
 * <p>Threads: safe from any.
 */
final class UnitSessions implements AutoCloseable {

    /** A generation that may hold sessions as objects, newer than their bytes. */
    interface Holder {
        /** Stores the session's present state, if it is held and may be newer than what is stored. */
        void flush(String id);

        /** The session is gone: lets go of it unless a request uses it now. */
        void dropped(String id);

        /** Whether it has the session as objects. */
        boolean holds(String id);
    }

    private final SessionLimits limits;
    private final SessionStore store;
    private final List<Holder> holders = new CopyOnWriteArrayList<>();

    /**
     * @param shared whether other processes serve the sessions of this folder, too
     * @throws IOException if the folder cannot be used
     */
    UnitSessions(String unit, Path folder, SessionLimits limits, boolean shared) throws IOException {
        this.limits = limits;
        this.store = shared
                ? new SharedSessionStore(unit, folder, limits, this::isHeld)
                : new MemorySessionStore(unit, folder, limits, this::dropped);
    }

    private boolean isHeld(String id) {
        return holders.stream().anyMatch(holder -> holder.holds(id));
    }

    private void dropped(String id) {
        holders.forEach(holder -> holder.dropped(id));
    }

    SessionLimits limits() {
        return limits;
    }

    /** See {@link SessionStore#isShared}. */
    boolean isShared() {
        return store.isShared();
    }

    void add(Holder holder) {
        holders.add(holder);
    }

    void remove(Holder holder) {
        holders.remove(holder);
    }

    /** The session, with what other generations than the one that asks have done to it until now. */
    Optional<StoredSession> get(String id, Holder asking) {
        for (Holder holder : holders) {
            if (!holder.equals(asking)) {
                holder.flush(id);
            }
        }
        return get(id);
    }

    /** The session as it was stored last. */
    Optional<StoredSession> get(String id) {
        return store.get(id);
    }

    /** See {@link SessionStore#put}. */
    @Nullable
    Known put(StoredSession own, @Nullable Known known) throws SessionStoreException {
        return store.put(own, known);
    }

    /** See {@link SessionStore#delete}. */
    void delete(String id) {
        store.delete(id);
    }

    /** See {@link SessionStore#expired(Set, long)}. */
    Set<String> expired(Set<String> candidates, long time) {
        return store.expired(candidates, time);
    }

    /** See {@link SessionStore#expired(long)}. */
    Set<String> expired(long time) {
        return store.expired(time);
    }

    @Override
    public void close() {
        store.close();
    }
}
