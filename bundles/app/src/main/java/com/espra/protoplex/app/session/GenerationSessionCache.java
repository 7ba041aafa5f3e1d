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
        boolean toEnd = !enter && sessions.isEnding(id);
        if (held != null && !toEnd && !sessions.catchUp(held)) {
            forget(id);
        }
        ManagedSession found = super.getAndEnter(id, enter);
        // It may have been forgotten at this moment: then it is read anew.
        return found == null && held != null ? super.getAndEnter(id, enter) : found;
    }

    /**
     * The response is about to leave. The next request of this client may come to another process: it must find there what this
     * response tells of, whether by {@code setAttribute} or in an object that is there already.
     */
    @Override
    public void commit(@Nullable ManagedSession session) throws Exception {
        if (session == null) {
            return;
        }
        try (var _ = session.lock()) {
            if (session.isValid() && session.isResident()) {
                session.getSessionData().setDirty(true);
                getSessionDataStore().store(session.getId(), session.getSessionData());
            }
        }
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
