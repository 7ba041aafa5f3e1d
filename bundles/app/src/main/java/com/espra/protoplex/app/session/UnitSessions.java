package com.espra.protoplex.app.session;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one unit as bytes: in memory, and behind it on disk. All generations of the unit share it; it holds no object of
 * theirs.
 *
 * <p>Threads: safe from any. Changes are in memory at once, and on disk as soon as the disk keeps up: a session that changes faster is
 * written less often.
 */
final class UnitSessions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UnitSessions.class);

    /** A generation that may hold sessions as objects, newer than their bytes. */
    interface Holder {
        /** Stores the session's present state, if it is held and may be newer than what is stored. */
        void flush(String id);

        /** The session is gone: lets go of it unless a request uses it now. */
        void dropped(String id);
    }

    /** What a generation knew of a session when it last read or wrote it. */
    record Known(Map<String, byte[]> attributes, long version) {}

    private final String unit;
    private final SessionFiles files;
    private final SessionLimits limits;
    private final Map<String, StoredSession> sessions = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final List<Holder> holders = new CopyOnWriteArrayList<>();
    private final Set<String> goneWhileLoading = ConcurrentHashMap.newKeySet();
    private final SessionWriter writer;
    private final Thread loader;

    UnitSessions(String unit, Path folder, SessionLimits limits) throws IOException {
        this.unit = unit;
        this.files = new SessionFiles(folder);
        this.limits = limits;
        this.writer = new SessionWriter(unit, files, id -> Optional.ofNullable(sessions.get(id)));
        this.loader = Thread.ofVirtual().name("sessions of " + unit).start(this::loadAll);
    }

    SessionLimits limits() {
        return limits;
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
        StoredSession stored = sessions.get(id);
        return stored != null || !loader.isAlive() ? Optional.ofNullable(stored) : fromDisk(id);
    }

    private Optional<StoredSession> fromDisk(String id) {
        try {
            files.read(id).ifPresent(this::loaded);
        } catch (IOException unreadable) {
            LOG.warn("unit {}: a session cannot be read from disk: {}", unit, unreadable.toString());
        }
        return Optional.ofNullable(sessions.get(id));
    }

    /**
     * Stores a session as one generation has it. Attributes that this generation has not changed since it last read or wrote them keep
     * what others made of them.
     *
     * @param known what the generation knew of it; null if it has just begun it
     * @return what the generation knows now; null if the session is gone and must not come back
     */
    @Nullable
    Known put(StoredSession own, @Nullable Known known) {
        StoredSession[] before = new StoredSession[1];
        StoredSession after = sessions.compute(own.id(), (id, stored) -> {
            before[0] = stored;
            if (stored == null) {
                return known == null ? own.with(own.attributes(), 1) : null;
            }
            return own.with(merge(stored, own, known), stored.version() + 1);
        });
        if (after == null) {
            return null;
        }
        account(before[0], after);
        writer.changed(own.id());
        makeRoom();
        boolean onlyWriter = before[0] == null || (known != null && known.version() == before[0].version());
        return new Known(own.attributes(), onlyWriter ? after.version() : known == null ? 0 : known.version());
    }

    private static Map<String, byte[]> merge(StoredSession stored, StoredSession own, @Nullable Known known) {
        Map<String, byte[]> base = known == null ? Map.of() : known.attributes();
        Map<String, byte[]> merged = new HashMap<>(stored.attributes());
        Set<String> names = new HashSet<>(base.keySet());
        names.addAll(own.attributes().keySet());
        for (String name : names) {
            byte[] now = own.attributes().get(name);
            if (!java.util.Arrays.equals(base.get(name), now)) {
                if (now == null) {
                    merged.remove(name);
                } else {
                    merged.put(name, now);
                }
            }
        }
        return merged;
    }

    void delete(String id) {
        if (loader.isAlive()) {
            goneWhileLoading.add(id);
            writer.changed(id);
        }
        StoredSession was = sessions.remove(id);
        if (was != null) {
            bytes.addAndGet(-was.bytes());
            writer.changed(id);
        }
    }

    /** The ids of the sessions that meet a condition. */
    Set<String> ids(Predicate<StoredSession> condition) {
        Set<String> ids = new HashSet<>();
        for (StoredSession session : sessions.values()) {
            if (condition.test(session)) {
                ids.add(session.id());
            }
        }
        return ids;
    }

    private void loadAll() {
        long now = System.currentTimeMillis();
        try {
            files.forEach(session -> {
                if (session.expiredAt(now)) {
                    writer.changed(session.id());
                } else {
                    loaded(session);
                }
            });
        } catch (IOException | DirectoryIteratorException unreadable) {
            LOG.warn("unit {}: its sessions cannot be read from disk: {}", unit, unreadable.toString());
        }
        makeRoom();
    }

    private void loaded(StoredSession session) {
        if (sessions.putIfAbsent(session.id(), session) == null) {
            account(null, session);
        }
        if (goneWhileLoading.contains(session.id())) {
            delete(session.id());
        }
    }

    private void account(@Nullable StoredSession before, StoredSession after) {
        bytes.addAndGet(after.bytes() - (before == null ? 0 : before.bytes()));
    }

    private void makeRoom() {
        if (sessions.size() <= limits.sessions() && bytes.get() <= limits.bytes()) {
            return;
        }
        ArrayDeque<StoredSession> oldest = new ArrayDeque<>(sessions.values().stream()
                .sorted(Comparator.comparingLong(StoredSession::accessed))
                .limit(1 + sessions.size() / 50)
                .toList());
        LOG.warn(
                "unit {}: {} sessions of {} bytes are more than the limits ({} and {}): the {} that went unused longest are dropped",
                unit,
                sessions.size(),
                bytes.get(),
                limits.sessions(),
                limits.bytes(),
                oldest.size());
        for (StoredSession session : oldest) {
            delete(session.id());
            holders.forEach(holder -> holder.dropped(session.id()));
        }
    }

    /** Writes what is not yet written, and lets go. */
    @Override
    public void close() {
        writer.close();
    }
}
