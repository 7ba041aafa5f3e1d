package com.espra.protoplex.app.session;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings changed sessions to disk, one after the other, each as it is when its turn comes. */
final class SessionWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionWriter.class);

    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final String unit;
    private final SessionFiles files;
    private final Function<String, Optional<StoredSession>> current;
    private final Set<String> pending = new LinkedHashSet<>();
    private final Thread thread;
    private boolean closed;
    private boolean failing;

    SessionWriter(String unit, SessionFiles files, Function<String, Optional<StoredSession>> current) {
        this.unit = unit;
        this.files = files;
        this.current = current;
        thread = Thread.ofPlatform().daemon().name("session writer of " + unit).start(this::run);
    }

    /** The session was changed, or is gone. */
    synchronized void changed(String id) {
        pending.add(id);
        notifyAll();
    }

    private void run() {
        for (String id = next(); id != null; id = next()) {
            write(id);
        }
    }

    private synchronized @Nullable String next() {
        try {
            while (pending.isEmpty()) {
                if (closed) {
                    return null;
                }
                wait();
            }
        } catch (InterruptedException stop) {
            return null;
        }
        String id = pending.iterator().next();
        pending.remove(id);
        return id;
    }

    private void write(String id) {
        try {
            Optional<StoredSession> session = current.apply(id);
            if (session.isPresent()) {
                files.write(session.get());
            } else {
                files.delete(id);
            }
            failing = false;
        } catch (IOException | RuntimeException failed) {
            if (!failing) {
                LOG.warn(
                        "unit {}: sessions cannot be written to disk, so they would not outlive a restart: {}",
                        unit,
                        failed.toString());
            }
            failing = true;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            if (!thread.join(CLOSING)) {
                LOG.warn("unit {}: not all sessions could be written within {}", unit, CLOSING);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
