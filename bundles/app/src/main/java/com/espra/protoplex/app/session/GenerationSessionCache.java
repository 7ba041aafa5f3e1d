package com.espra.protoplex.app.session;

import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.session.DefaultSessionCache;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.SessionManager;
import org.jspecify.annotations.Nullable;

/** The live sessions of one generation: each request first sees what other generations have done to its session. */
final class GenerationSessionCache extends DefaultSessionCache {

    private final ConcurrentHashMap<String, ManagedSession> live;
    private final GenerationSessions sessions;

    GenerationSessionCache(
            SessionManager manager, ConcurrentHashMap<String, ManagedSession> live, GenerationSessions sessions) {
        super(manager, live);
        this.live = live;
        this.sessions = sessions;
    }

    @Override
    protected @Nullable ManagedSession getAndEnter(String id, boolean enter) throws Exception {
        ManagedSession held = live.get(id);
        if (held != null && !sessions.catchUp(held)) {
            forget(id);
        }
        return super.getAndEnter(id, enter);
    }

    /** Drops the objects of a session, and stores nothing. */
    void forget(String id) {
        ManagedSession dropped = doDelete(id);
        sessions.forget(id);
        if (dropped != null) {
            try (var _ = dropped.lock()) {
                dropped.setResident(false);
            }
        }
    }
}
