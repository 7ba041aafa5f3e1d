package com.espra.protoplex.child;

import com.espra.protoplex.peer.Peer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the parent what it must know, again and again until it has heard: its bundles may still be starting. */
final class Announcements implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Peer parent;
    private volatile boolean closed;

    Announcements(Peer parent) {
        this.parent = parent;
    }

    void announce(String topic, Map<String, Object> body) {
        announce(topic, body, FIRST_PAUSE);
    }

    private void announce(String topic, Map<String, Object> body, Duration pause) {
        if (closed) {
            return;
        }
        var _ = parent.ask(topic, body).whenComplete((answer, failure) -> {
            if (failure != null) {
                LOG.debug("the parent has not heard '{}' yet", topic, failure);
                Duration next = pause.multipliedBy(2);
                CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(() -> announce(topic, body, next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next));
            }
        });
    }

    /** Tells nothing more. */
    @Override
    public void close() {
        closed = true;
    }
}
