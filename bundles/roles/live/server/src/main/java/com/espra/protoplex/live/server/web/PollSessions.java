package com.espra.protoplex.live.server.web;

import com.espra.protoplex.live.server.select.Selector;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Who polls. A session that is not renewed is forgotten after {@link #SECONDS}. Safe from any thread. */
final class PollSessions {

    /** For how long a session is kept after its last poll. */
    static final long SECONDS = 40;

    private static final int MOST = 20_000;
    private static final int ID_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanos;

    /** Guarded by this. In the order of their ends. */
    private final Map<String, PollSession> sessions = new LinkedHashMap<>();

    PollSessions(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private long now() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong());
    }

    private long end() {
        return now() + TimeUnit.SECONDS.toMillis(SECONDS);
    }

    /** A new one; empty if there are too many. */
    synchronized Optional<PollSession> add(
            String hub, String address, boolean seesPrivate, Map<String, Selector> queries, String at) {
        if (sessions.size() >= MOST) {
            return Optional.empty();
        }
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        PollSession session = new PollSession(id, hub, address, seesPrivate, queries, at, end());
        sessions.put(id, session);
        return Optional.of(session);
    }

    /** One that is known, renewed. */
    synchronized Optional<PollSession> get(String id) {
        PollSession session = sessions.remove(id);
        if (session == null) {
            return Optional.empty();
        }
        PollSession renewed = session.until(session.at(), end());
        sessions.put(id, renewed);
        return Optional.of(renewed);
    }

    /** It was told up to there, if it is still known. */
    synchronized void told(String id, String at) {
        PollSession session = sessions.remove(id);
        if (session != null) {
            sessions.put(id, session.until(at, end()));
        }
    }

    /** It subscribes to something else. */
    synchronized void change(PollSession session, Map<String, Selector> queries) {
        if (sessions.containsKey(session.id())) {
            sessions.put(session.id(), session.with(queries));
        }
    }

    synchronized Optional<PollSession> remove(String id) {
        return Optional.ofNullable(sessions.remove(id));
    }

    /** Forgets those that have ended, and says which. */
    synchronized Collection<PollSession> expire() {
        long now = now();
        List<PollSession> ended =
                sessions.values().stream().takeWhile(each -> each.end() < now).toList();
        ended.forEach(each -> sessions.remove(each.id()));
        return ended;
    }

    synchronized Collection<PollSession> all() {
        return List.copyOf(sessions.values());
    }

    /** One that the version before had. */
    synchronized void restore(PollSession session) {
        if (sessions.size() < MOST) {
            sessions.put(session.id(), session.until(session.at(), end()));
        }
    }
}
