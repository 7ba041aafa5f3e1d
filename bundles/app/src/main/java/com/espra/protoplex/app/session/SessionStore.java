package com.espra.protoplex.app.session;

import com.espra.protoplex.app.session.ChangeIndex.Change;
import com.espra.protoplex.app.session.SessionFiles.Header;
import com.espra.protoplex.app.session.TwoPlaceFile.DamagedException;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one unit as bytes, for all of its generations in all processes of a node: the files are the sessions, and what is in
 * memory is a copy that the {@link ChangeIndex} vouches for. A change is in the file when {@link #put} returns, so that no end of a
 * process takes it back. See {@code docs/decisions/0040-sessions-are-files.md}.
 *
 * <p>That a session was used is stored every ten seconds and not each time. So it is taken to be good that much longer than its file
 * says.
 *
 * <p>Threads: safe from any.
 */
final class SessionStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionStore.class);

    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(5);

    /** Whoever has an expired session as objects, and so can tell its listeners, looks every ten minutes. */
    private static final Duration BEFORE_SWEPT = Duration.ofMinutes(25);

    private static final Duration WRITING = Duration.ofMinutes(1);
    private static final Duration CLOSING = Duration.ofSeconds(10);
    private static final double ROOM = 0.95;

    /** A generation of this process that may hold sessions as objects, newer than their bytes. */
    interface Holder {
        /** Stores the session's present state, if it is held and may be newer than what is stored. */
        void flush(String id);

        /** Whether it has the session as objects. */
        boolean holds(String id);
    }

    private record Copy(StoredSession session, long count) {}

    private final String unit;
    private final SessionFiles files;
    private final SessionLimits limits;
    private final ChangeIndex index;
    private final List<Holder> holders = new CopyOnWriteArrayList<>();
    private final Map<String, Copy> copies = new ConcurrentHashMap<>();
    private final AtomicBoolean unreadable = new AtomicBoolean();
    private final Thread sweeper;
    private final Semaphore sweepSoon = new Semaphore(0);
    private volatile boolean closed;

    /**
     * @throws IOException if the folder cannot be used
     */
    SessionStore(String unit, Path folder, SessionLimits limits) throws IOException {
        this.unit = unit;
        this.files = new SessionFiles(folder);
        this.limits = limits;
        this.index = new ChangeIndex(folder.resolve("index"));
        this.sweeper =
                Thread.ofPlatform().daemon().name("session sweeper of " + unit).start(this::sweepAndWait);
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

    /** Whether no generation uses it any more. */
    boolean isUnused() {
        return holders.isEmpty();
    }

    /** The session, with what other generations of this process than the one that asks have done to it until now. */
    Optional<StoredSession> get(String id, Holder asking) {
        for (Holder holder : holders) {
            if (!holder.equals(asking)) {
                holder.flush(id);
            }
        }
        return get(id);
    }

    /** The session as it was stored last, by whomever. */
    Optional<StoredSession> get(String id) {
        try {
            return stored(id).map(StoredSession::goodForLonger);
        } catch (IOException failed) {
            if (!unreadable.getAndSet(true)) {
                LOG.warn(
                        "unit {}: sessions cannot be read from disk; what this process knows of them may be old: {}",
                        unit,
                        failed.toString());
            }
            Copy copy = copies.get(id);
            return copy == null ? Optional.empty() : Optional.of(copy.session.goodForLonger());
        }
    }

    private Optional<StoredSession> stored(String id) throws IOException {
        long count = index.count(id);
        Copy copy = copies.get(id);
        if (copy != null && copy.count == count && ChangeIndex.isSettled(count)) {
            return Optional.of(copy.session);
        }
        Optional<StoredSession> read = read(id);
        if (read.isEmpty()) {
            copies.remove(id);
        } else if (ChangeIndex.isSettled(count) && index.count(id) == count) {
            copies.put(id, new Copy(read.get(), count));
        }
        return read;
    }

    private Optional<StoredSession> read(String id) throws IOException {
        try {
            return files.read(id);
        } catch (DamagedException damaged) {
            LOG.warn("unit {}: a session is lost: {}", unit, damaged.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Stores a session as one generation has it. What this generation has not changed since it last read or wrote the session keeps
     * what others made of it.
     *
     * @param known what the generation knew of it; null if it has just begun it
     * @return what the generation knows now; null if the session is gone and must not come back
     * @throws IOException if it could not be stored; nothing has changed then
     */
    @Nullable
    Known put(StoredSession own, @Nullable Known known) throws IOException {
        if (known != null) {
            Optional<StoredSession> stored = stored(own.id());
            if (stored.isEmpty()) {
                return null;
            }
            if (!isWorthStoring(own, known, stored.get())) {
                return known;
            }
        }
        try (Change change = index.change(own.id())) {
            return put(own, known, change);
        }
    }

    private @Nullable Known put(StoredSession own, @Nullable Known known, Change change) throws IOException {
        StoredSession before = stored(own.id()).orElse(null);
        if (before == null && known != null) {
            return null;
        }
        StoredSession after = before == null ? own.first() : own.over(before, known);
        if (before != null && !isWorthStoring(after, before)) {
            return Known.after(own, known, known == null ? 0 : known.version());
        }
        change.publish(() -> files.write(after));
        copies.put(own.id(), new Copy(after, index.count(own.id())));
        index.add(before == null ? 1 : 0, SessionFiles.size(after) - (before == null ? 0 : SessionFiles.size(before)));
        if (before == null && isCrowded()) {
            sweepSoon.release();
        }
        boolean onlyWriter = before == null || (known != null && known.version() == before.version());
        return Known.after(own, known, onlyWriter ? after.version() : known == null ? 0 : known.version());
    }

    private static boolean isWorthStoring(StoredSession own, Known known, StoredSession stored) {
        return own.accessed() - stored.accessed() >= stored.untold()
                || own.cookieSet() != stored.cookieSet()
                || own.maxInactive() != known.maxInactive()
                || !own.hasAttributes(known.own());
    }

    private static boolean isWorthStoring(StoredSession after, StoredSession before) {
        return after.saysMoreThan(before) || after.accessed() - before.accessed() >= before.untold();
    }

    /** Ends a session, for everybody. */
    void delete(String id) {
        deleteIf(id, any -> true);
    }

    /** Whether it was there, met the condition, and is gone now: true for one process only. */
    private boolean deleteIf(String id, Predicate<StoredSession> condition) {
        try (Change change = index.change(id)) {
            Optional<StoredSession> stored = stored(id).filter(condition);
            if (stored.isEmpty()) {
                return false;
            }
            change.publish(() -> files.delete(id));
            copies.remove(id);
            index.add(-1, -SessionFiles.size(stored.get()));
            return true;
        } catch (IOException failed) {
            LOG.error(
                    "unit {}: a session cannot be ended, and goes on for other processes: {}", unit, failed.toString());
            return false;
        }
    }

    /**
     * Of these sessions, the ones whose end is the caller's to tell: they are gone, or have expired for everybody and the caller is the
     * first to ask.
     */
    Set<String> expired(Set<String> candidates, long time) {
        Set<String> expired = new HashSet<>();
        for (String id : candidates) {
            if (get(id).isEmpty()
                    || deleteIf(id, session -> session.goodForLonger().expiredAt(time))) {
                expired.add(id);
            }
        }
        return expired;
    }

    private boolean isCrowded() {
        return index.sessions() > limits.sessions() || index.bytes() > limits.bytes();
    }

    private void sweepAndWait() {
        try {
            do {
                copies.keySet().removeIf(id -> holders.stream().noneMatch(holder -> holder.holds(id)));
                sweep();
            } while (waitForNext());
        } catch (InterruptedException stop) {
            LOG.debug("unit {}: sessions are swept no more", unit);
        }
    }

    private boolean waitForNext() throws InterruptedException {
        if (sweepSoon.tryAcquire(BETWEEN_SWEEPS.toMillis(), TimeUnit.MILLISECONDS)) {
            sweepSoon.drainPermits();
        }
        return !closed;
    }

    /** One process at a time looks through all files. */
    void sweep() {
        try {
            Optional<FileLock> right = index.sweep();
            if (right.isPresent()) {
                try (FileLock _ = right.get()) {
                    files.clearTemporary(System.currentTimeMillis() - WRITING.toMillis());
                    sweepAll();
                }
            }
        } catch (IOException | DirectoryIteratorException failed) {
            LOG.warn("unit {}: its sessions cannot be looked through: {}", unit, failed.toString());
        }
    }

    private void sweepAll() throws IOException {
        Found found = new Found();
        long swept = System.currentTimeMillis() - BEFORE_SWEPT.toMillis();
        files.forEachHeader(header -> {
            if (isExpired(header, swept) && deleteIf(header.id(), session -> session.expiredAt(swept))) {
                return;
            }
            found.add(header);
        });
        index.add(found.sessions - index.sessions(), found.bytes - index.bytes());
        if (isCrowded()) {
            makeRoom();
        }
    }

    private static boolean isExpired(Header header, long time) {
        return header.expiry() > 0 && header.expiry() <= time;
    }

    private void makeRoom() throws IOException {
        long now = System.currentTimeMillis();
        List<Header> all = new ArrayList<>();
        files.forEachHeader(all::add);
        all.sort(Comparator.comparingLong(header -> isExpired(header, now) ? 0 : header.accessed()));
        long sessions = index.sessions();
        long bytes = index.bytes();
        int dropped = 0;
        for (Header header : all) {
            if (index.sessions() <= limits.sessions() * ROOM && index.bytes() <= limits.bytes() * ROOM) {
                break;
            }
            if (deleteIf(header.id(), any -> true)) {
                dropped++;
            }
        }
        LOG.warn(
                "unit {}: {} sessions of {} bytes are more than the limits ({} and {}): the {} that went unused longest are dropped",
                unit,
                sessions,
                bytes,
                limits.sessions(),
                limits.bytes(),
                dropped);
    }

    /** Lets go of the files. */
    @Override
    public void close() {
        closed = true;
        sweepSoon.release();
        try {
            if (!sweeper.join(CLOSING)) {
                LOG.warn("unit {}: its sessions are still looked through after {}", unit, CLOSING);
            }
            index.close();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            LOG.warn("unit {}: its session index cannot be closed: {}", unit, failed.toString());
        }
    }

    private static final class Found {
        long sessions;
        long bytes;

        void add(Header header) {
            sessions++;
            bytes += header.bytes();
        }
    }
}
