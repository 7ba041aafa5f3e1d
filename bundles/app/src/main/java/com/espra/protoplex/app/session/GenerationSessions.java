package com.espra.protoplex.app.session;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.ee11.servlet.SessionHandler;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.session.DefaultSessionIdManager;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.SessionData;
import org.eclipse.jetty.session.SessionManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of a unit as objects of one generation. The bytes that all generations share are in {@link SessionStore}; what this
 * generation holds live is newer, and is serialised when a request has ended, when another generation asks, and at rest.
 */
public final class GenerationSessions implements SessionStore.Holder, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationSessions.class);

    private final SessionStore store;
    private final AttributeCodec codec;
    private final SessionHandler handler = new OwnIds();
    private final Map<String, ManagedSession> live = new ConcurrentHashMap<>();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final GenerationSessionCache cache;
    private final Runnable closed;
    private final String unit;

    /** Sessions whose end this generation is telling: their objects are to be found until it has. */
    private final Set<String> ending = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean failing = new AtomicBoolean();

    GenerationSessions(SessionStore store, String unit, String generation, ClassLoader loader, Runnable closed) {
        this.store = store;
        this.unit = unit;
        this.closed = closed;
        codec = new AttributeCodec(generation, loader);
        cache = new GenerationSessionCache(handler, (ConcurrentHashMap<String, ManagedSession>) live, this);
        cache.setSessionDataStore(new GenerationSessionDataStore(this));
        handler.setSessionCache(cache);
        // A name of the unit's own: two apps of one host would throw each other's users out otherwise.
        handler.setSessionCookie("JSESSIONID-" + unit);
        handler.setUsingUriParameters(false);
        handler.setHttpOnly(true);
        handler.setSameSite(HttpCookie.SameSite.LAX);
        handler.setSecureRequestOnly(true);
        handler.setMaxInactiveInterval((int) store.limits().inactive().toSeconds());
        store.add(this);
    }

    /** The handler to give to the servlet context of the generation. */
    public SessionHandler handler() {
        return handler;
    }

    /** The generation gets no more requests: its objects become bytes, and it reads anew if it is asked again. */
    public void rested() {
        for (String id : live.keySet()) {
            flush(id);
        }
        cache.shutdown();
        known.clear();
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
    public boolean holds(String id) {
        return live.containsKey(id);
    }

    void forget(String id) {
        known.remove(id);
    }

    void store(String id, SessionData data) {
        Known before = known.get(id);
        StoredSession own = stored(id, data, before);
        if (own.bytes() > store.limits().bytesPerSession()) {
            codec.tooLarge(own, store.limits().bytesPerSession());
            return;
        }
        try {
            Known after = store.put(own, before);
            if (after == null) {
                known.remove(id);
            } else {
                known.put(id, after);
            }
            failing.set(false);
        } catch (IOException failed) {
            // The objects stay as they are: the next request for the session stores them.
            if (!failing.getAndSet(true)) {
                LOG.warn(
                        "unit {}: sessions cannot be stored; until they can, changes are seen by this process alone: {}",
                        unit,
                        failed.toString());
            }
        }
    }

    private StoredSession stored(String id, SessionData data, @Nullable Known before) {
        Map<String, byte[]> attributes = new HashMap<>();
        data.getAllAttributes()
                .forEach((name, value) -> codec.write(name, value).ifPresent(bytes -> attributes.put(name, bytes)));
        if (before != null) {
            // What this version could not read is not its own to remove: the other version wants it back after a
            // roll-back.
            before.own().forEach((name, bytes) -> {
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
        Optional<StoredSession> found = store.get(id, this);
        if (found.isEmpty() || found.get().expiredAt(System.currentTimeMillis())) {
            return null;
        }
        StoredSession stored = found.get();
        SessionData data =
                factory.create(id, stored.created(), stored.accessed(), stored.lastAccessed(), stored.maxInactive());
        data.setCookieSet(stored.cookieSet());
        data.setExpiry(stored.expiry());
        Map<String, Object> attributes = new HashMap<>();
        Map<String, byte[]> own = new HashMap<>();
        stored.attributes().forEach((name, bytes) -> {
            Optional<Object> value = codec.read(name, bytes);
            value.ifPresent(object -> attributes.put(name, object));
            own.put(name, value.map(object -> rewritten(name, object, bytes)).orElse(bytes));
        });
        data.putAllAttributes(attributes);
        known.put(id, new Known(stored.attributes(), own, stored.maxInactive(), stored.version()));
        return data;
    }

    /**
     * The bytes of an object that was read just now. They may differ from those that it was read from (a hash set has another order, say),
     * and what differs from them later is what the app has changed.
     */
    private byte[] rewritten(String name, Object value, byte[] read) {
        return codec.write(name, value)
                .filter(bytes -> !Arrays.equals(bytes, read))
                .orElse(read);
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
        Optional<StoredSession> found = store.get(id, this);
        if (found.isEmpty()) {
            ending.remove(id);
            return false;
        }
        StoredSession stored = found.get();
        if (stored.version() != last.version() || session.isExpiredAt(System.currentTimeMillis())) {
            try (var _ = session.lock()) {
                catchUp(session.getSessionData(), last, stored);
            }
        }
        return true;
    }

    private void catchUp(SessionData data, Known last, StoredSession stored) {
        Map<String, byte[]> own = new HashMap<>(last.own());
        stored.attributes().forEach((name, bytes) -> {
            if (!Arrays.equals(bytes, last.seen().get(name))) {
                Optional<Object> value = codec.read(name, bytes);
                value.ifPresent(object -> data.setAttribute(name, object));
                own.put(
                        name,
                        value.map(object -> rewritten(name, object, bytes)).orElse(bytes));
            }
        });
        last.seen().keySet().forEach(name -> {
            if (!stored.attributes().containsKey(name)) {
                data.setAttribute(name, null);
                own.remove(name);
            }
        });
        if (stored.accessed() > data.getAccessed()) {
            data.setAccessed(stored.accessed());
            data.setLastAccessed(stored.lastAccessed());
        }
        if (stored.maxInactive() != last.maxInactive()) {
            data.setMaxInactiveMs(stored.maxInactive());
            data.setExpiry(stored.expiry());
        } else if (stored.expiry() > data.getExpiry() && data.getExpiry() > 0) {
            data.setExpiry(stored.expiry());
        }
        known.put(stored.id(), new Known(stored.attributes(), own, stored.maxInactive(), stored.version()));
    }

    boolean exists(String id) {
        return store.get(id)
                .filter(session -> !session.expiredAt(System.currentTimeMillis()))
                .isPresent();
    }

    boolean delete(String id) {
        boolean was = exists(id);
        ending.remove(id);
        known.remove(id);
        store.delete(id);
        return was;
    }

    /** Of these, the sessions whose end is to be told here. The others go on elsewhere: no objects of them are kept here. */
    Set<String> expired(Set<String> candidates, long time) {
        Set<String> unused = new HashSet<>(candidates);
        unused.removeIf(this::isUsed);
        Set<String> expired = store.expired(unused, time);
        ending.addAll(expired);
        unused.removeAll(expired);
        unused.stream().filter(id -> !isUsed(id)).forEach(cache::forget);
        return expired;
    }

    boolean isEnding(String id) {
        return ending.contains(id);
    }

    private boolean isUsed(String id) {
        ManagedSession session = live.get(id);
        return session != null && session.getRequests() > 0;
    }

    /** Lets go of everything. What is live has been stored when the handler was stopped. */
    @Override
    public void close() {
        store.remove(this);
        known.clear();
        live.clear();
        closed.run();
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
