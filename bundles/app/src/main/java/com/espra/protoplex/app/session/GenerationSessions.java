package com.espra.protoplex.app.session;

import com.espra.protoplex.app.session.UnitSessions.Known;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee11.servlet.SessionHandler;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.session.DefaultSessionIdManager;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.SessionData;
import org.eclipse.jetty.session.SessionManager;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a unit as objects of one generation. The bytes that all generations share are in {@link UnitSessions}; what this
 * generation holds live is newer, and is serialised when a request has ended, when another generation asks, and at rest.
 */
public final class GenerationSessions implements UnitSessions.Holder, AutoCloseable {

    private final UnitSessions unit;
    private final AttributeCodec codec;
    private final SessionHandler handler = new OwnIds();
    private final Map<String, ManagedSession> live = new ConcurrentHashMap<>();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final GenerationSessionCache cache;
    private final Runnable share;
    private volatile boolean resting;

    GenerationSessions(UnitSessions unit, String unitName, String generation, ClassLoader loader, Runnable share) {
        this.unit = unit;
        this.share = share;
        codec = new AttributeCodec(generation, loader);
        cache = new GenerationSessionCache(handler, (ConcurrentHashMap<String, ManagedSession>) live, this);
        cache.setSessionDataStore(new GenerationSessionDataStore(this));
        handler.setSessionCache(cache);
        // A name of the unit's own: two apps of one host would throw each other's users out otherwise.
        handler.setSessionCookie("JSESSIONID-" + unitName);
        handler.setUsingUriParameters(false);
        handler.setHttpOnly(true);
        handler.setSameSite(HttpCookie.SameSite.LAX);
        handler.setSecureRequestOnly(true);
        handler.setMaxInactiveInterval((int) unit.limits().inactive().toSeconds());
        unit.add(this);
    }

    /** The handler to give to the servlet context of the generation. */
    public SessionHandler handler() {
        return handler;
    }

    /** The generation gets no more requests: its objects become bytes, and it reads anew if it is asked again. */
    public void rested() {
        resting = true;
        for (String id : live.keySet()) {
            flush(id);
        }
        cache.shutdown();
        known.clear();
    }

    /** The generation is about to get requests again. */
    public void resumed() {
        resting = false;
    }

    @Override
    public void flush(String id) {
        ManagedSession session = live.get(id);
        if (session == null) {
            return;
        }
        try (var _ = session.lock()) {
            if (session.isValid() && session.isResident()) {
                store(id, session.getSessionData());
            }
        }
    }

    @Override
    public void dropped(String id) {
        ManagedSession session = live.get(id);
        if (session != null && session.getRequests() <= 0) {
            cache.forget(id);
        }
    }

    void forget(String id) {
        known.remove(id);
    }

    void store(String id, SessionData data) {
        Known before = known.get(id);
        StoredSession own = stored(id, data, before);
        if (own.bytes() > unit.limits().bytesPerSession()) {
            codec.tooLarge(own, unit.limits().bytesPerSession());
            return;
        }
        Known after = unit.put(own, before);
        if (after == null) {
            known.remove(id);
        } else {
            known.put(id, after);
        }
    }

    private StoredSession stored(String id, SessionData data, @Nullable Known before) {
        Map<String, byte[]> attributes = new HashMap<>();
        data.getAllAttributes()
                .forEach((name, value) -> codec.write(name, value).ifPresent(bytes -> attributes.put(name, bytes)));
        if (before != null) {
            // What this version could not read is not its own to remove: the other version wants it back after a
            // roll-back.
            before.attributes().forEach((name, bytes) -> {
                if (codec.isUnreadable(name) && data.getAttribute(name) == null) {
                    attributes.put(name, bytes);
                }
            });
        }
        return new StoredSession(
                id,
                data.getCreated(),
                data.getAccessed(),
                data.getLastAccessed(),
                data.getCookieSet(),
                data.getExpiry(),
                data.getMaxInactiveMs(),
                attributes,
                0);
    }

    /** Makes objects of a stored session; null if there is none. */
    @Nullable
    SessionData load(String id, SessionDataFactory factory) {
        Optional<StoredSession> found = unit.get(id, this);
        if (found.isEmpty() || found.get().expiredAt(System.currentTimeMillis())) {
            return null;
        }
        StoredSession stored = found.get();
        SessionData data =
                factory.create(id, stored.created(), stored.accessed(), stored.lastAccessed(), stored.maxInactive());
        data.setCookieSet(stored.cookieSet());
        data.setExpiry(stored.expiry());
        Map<String, Object> attributes = new HashMap<>();
        stored.attributes()
                .forEach((name, bytes) -> codec.read(name, bytes).ifPresent(value -> attributes.put(name, value)));
        data.putAllAttributes(attributes);
        known.put(id, new Known(stored.attributes(), stored.version()));
        return data;
    }

    /** Makes a {@link SessionData} of the context that it belongs to. */
    interface SessionDataFactory {
        SessionData create(String id, long created, long accessed, long lastAccessed, long maxInactive);
    }

    /**
     * Brings a live session up to what other generations made of it.
     *
     * @return false if another generation ended it
     */
    boolean catchUp(ManagedSession session) {
        String id = session.getId();
        Known last = known.get(id);
        if (last == null) {
            return true;
        }
        Optional<StoredSession> found = unit.get(id, this);
        if (found.isEmpty()) {
            return false;
        }
        StoredSession stored = found.get();
        if (stored.version() != last.version()) {
            try (var _ = session.lock()) {
                catchUp(session.getSessionData(), last, stored);
            }
        }
        return true;
    }

    private void catchUp(SessionData data, Known last, StoredSession stored) {
        Map<String, byte[]> read = new HashMap<>(last.attributes());
        stored.attributes().forEach((name, bytes) -> {
            if (!java.util.Arrays.equals(bytes, last.attributes().get(name))) {
                codec.read(name, bytes).ifPresent(value -> data.setAttribute(name, value));
                read.put(name, bytes);
            }
        });
        last.attributes().keySet().forEach(name -> {
            if (!stored.attributes().containsKey(name)) {
                data.setAttribute(name, null);
                read.remove(name);
            }
        });
        known.put(stored.id(), new Known(Map.copyOf(read), stored.version()));
    }

    boolean exists(String id) {
        return unit.get(id)
                .filter(session -> !session.expiredAt(System.currentTimeMillis()))
                .isPresent();
    }

    boolean delete(String id) {
        boolean was = exists(id);
        known.remove(id);
        unit.delete(id);
        return was;
    }

    /** Of these, the sessions that have expired for every generation. */
    Set<String> expired(Set<String> candidates, long time) {
        Set<String> expired = new java.util.HashSet<>();
        for (String id : candidates) {
            Optional<StoredSession> stored = unit.get(id);
            if (stored.isEmpty() || stored.get().expiredAt(time)) {
                expired.add(id);
            }
        }
        return expired;
    }

    /** All sessions that have expired; none while this generation is at rest, because its listeners are not to be called then. */
    Set<String> expired(long time) {
        return resting ? Set.of() : unit.ids(session -> session.expiredAt(time));
    }

    /** Lets go of everything. What is live has been stored when the handler was stopped. */
    @Override
    public void close() {
        unit.remove(this);
        known.clear();
        live.clear();
        share.run();
    }

    /** Has an id manager that knows this generation alone: the one that Jetty shares reaches into other apps' sessions. */
    private static final class OwnIds extends SessionHandler {
        @Override
        public void doStart() throws Exception {
            DefaultSessionIdManager ids = new DefaultSessionIdManager(getServer()) {
                @Override
                public Set<SessionManager> getSessionManagers() {
                    return Set.of(OwnIds.this);
                }
            };
            ids.setWorkerName("");
            setSessionIdManager(ids);
            addBean(ids, true);
            super.doStart();
        }

        @Override
        protected void doStop() throws Exception {
            super.doStop();
            removeBean(getSessionIdManager());
        }
    }
}
