package com.espra.protoplex.app.session;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of a unit that one process serves: in memory, and behind it on disk. Changes are in memory at once, and on disk as soon
 * as the disk keeps up: a session that changes faster is written less often, and that it was used is written every ten seconds.
 */
final class MemorySessionStore implements SessionStore {

    private static final Logger LOG = LoggerFactory.getLogger(MemorySessionStore.class);

    private final String unit;
    private final SessionFiles files;
    private final SessionLimits limits;
    private final Consumer<String> dropped;
    private final Map<String, StoredSession> sessions = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Set<String> goneWhileLoading = ConcurrentHashMap.newKeySet();
    private final SessionWriter writer;
    private final Thread loader;

    /**
     * @param dropped hears of sessions that had to go to make room
     */
    MemorySessionStore(String unit, Path folder, SessionLimits limits, Consumer<String> dropped) throws IOException {
        this.unit = unit;
        this.files = new SessionFiles(folder);
        this.limits = limits;
        this.dropped = dropped;
        files.clearTemporary(Long.MAX_VALUE);
        this.writer = new SessionWriter(unit, files, id -> Optional.ofNullable(sessions.get(id)));
        this.loader = Thread.ofPlatform().daemon().name("sessions of " + unit).start(this::loadAll);
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public Optional<StoredSession> get(String id) {
        StoredSession stored = sessions.get(id);
        return stored != null || !loader.isAlive() ? Optional.ofNullable(stored) : fromDisk(id);
    }

    private Optional<StoredSession> fromDisk(String id) {
        try {
            files.read(id).map(StoredSession::goodForLonger).ifPresent(this::loaded);
        } catch (IOException unreadable) {
            LOG.warn("unit {}: a session cannot be read from disk: {}", unit, unreadable.toString());
        }
        return Optional.ofNullable(sessions.get(id));
    }

    @Override
    public @Nullable Known put(StoredSession own, @Nullable Known known) {
        StoredSession[] before = new StoredSession[1];
        StoredSession after = sessions.compute(own.id(), (id, stored) -> {
            before[0] = stored;
            if (stored == null) {
                return known == null ? own.first() : null;
            }
            return own.over(stored, known);
        });
        if (after == null) {
            return null;
        }
        account(before[0], after);
        if (before[0] == null || isWorthWriting(after, before[0])) {
            writer.changed(own.id());
        }
        makeRoom();
        boolean onlyWriter = before[0] == null || (known != null && known.version() == before[0].version());
        return Known.after(own, known, onlyWriter ? after.version() : known == null ? 0 : known.version());
    }

    /** That it was used is written once in each of the times that {@link StoredSession#untold} divides the clock into. */
    private static boolean isWorthWriting(StoredSession after, StoredSession before) {
        return after.saysMoreThan(before) || after.accessed() / after.untold() != before.accessed() / after.untold();
    }

    @Override
    public void delete(String id) {
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

    @Override
    public Set<String> expired(Set<String> candidates, long time) {
        Set<String> expired = new HashSet<>();
        for (String id : candidates) {
            if (get(id).filter(stored -> !stored.expiredAt(time)).isEmpty()) {
                expired.add(id);
            }
        }
        return expired;
    }

    @Override
    public Set<String> expired(long time) {
        Set<String> ids = new HashSet<>();
        for (StoredSession session : sessions.values()) {
            if (session.expiredAt(time)) {
                ids.add(session.id());
            }
        }
        return ids;
    }

    private void loadAll() {
        long now = System.currentTimeMillis();
        try {
            files.forEach(session -> {
                StoredSession read = session.goodForLonger();
                if (read.expiredAt(now)) {
                    writer.changed(read.id());
                } else {
                    loaded(read);
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
            dropped.accept(session.id());
        }
    }

    /** Writes what is not yet written, and lets go. */
    @Override
    public void close() {
        writer.close();
    }
}
