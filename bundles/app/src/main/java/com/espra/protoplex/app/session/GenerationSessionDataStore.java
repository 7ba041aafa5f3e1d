package com.espra.protoplex.app.session;

import java.util.Set;
import org.eclipse.jetty.session.AbstractSessionDataStore;
import org.eclipse.jetty.session.SessionData;
import org.jspecify.annotations.Nullable;

/** What Jetty asks of a store of sessions, on top of {@link GenerationSessions}. */
final class GenerationSessionDataStore extends AbstractSessionDataStore {

    private final GenerationSessions sessions;

    GenerationSessionDataStore(GenerationSessions sessions) {
        this.sessions = sessions;
        // What is not in the unit's store is gone: no other node could still have it.
        setGracePeriodSec(0);
    }

    @Override
    public boolean doExists(String id) {
        return sessions.exists(id);
    }

    @Override
    public void doStore(String id, SessionData data, long lastSaveTime) {
        sessions.store(id, data);
    }

    @Override
    public @Nullable SessionData doLoad(String id) {
        return sessions.load(id, this::newSessionData);
    }

    @Override
    public boolean delete(String id) {
        return sessions.delete(id);
    }

    @Override
    public Set<String> doCheckExpired(Set<String> candidates, long time) {
        return sessions.expired(candidates, time);
    }

    @Override
    public Set<String> doGetExpired(long before) {
        // Those that no generation has as objects are swept away: they have no listener to be told.
        return Set.of();
    }

    @Override
    public void doCleanOrphans(long time) {
        // One store for all generations: none is left behind.
    }

    @Override
    public boolean isPassivating() {
        // A session is stored after each of its requests: its activation listeners are not to be called each time.
        return false;
    }
}
