package com.espra.protoplex.child;

import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.control.SwapMaps;
import com.espra.protoplex.control.Topics;
import com.espra.protoplex.peer.Peer;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the parent of every step, one after the other, so that it hears them in their order. When it does not keep up, steps are left out:
 * they are for people, and what a swap comes to is told by its answer.
 */
final class EventUplink implements SwapListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventUplink.class);

    private static final int MOST = 1024;

    private final Peer parent;
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private int waiting;
    private boolean full;
    private boolean closed;

    EventUplink(Peer parent) {
        this.parent = parent;
    }

    @Override
    public synchronized void swapped(SwapEvent event) {
        if (closed || waiting >= MOST) {
            if (!full && !closed) {
                LOG.warn("{} steps wait for the parent: it does not hear of those that come now", MOST);
            }
            full = true;
            return;
        }
        waiting++;
        // Elsewhere: the thread that swaps must not wait for a socket.
        last = last.thenComposeAsync(
                before -> tell(event),
                task -> Thread.ofPlatform()
                        .daemon()
                        .name("events to the parent")
                        .start(task));
    }

    private CompletableFuture<Void> tell(SwapEvent event) {
        return parent.ask(Topics.EVENT, SwapMaps.map(event)).handle((answer, failure) -> {
            if (failure != null) {
                LOG.debug("the parent did not hear of {}", event, failure);
            }
            taken();
            return null;
        });
    }

    private synchronized void taken() {
        waiting--;
        full = waiting >= MOST;
    }

    /** Completes, and never fails, when the parent has heard of all that has happened up to now, or could not. */
    synchronized CompletableFuture<Void> told() {
        return last;
    }

    /** Tells nothing more. */
    @Override
    public synchronized void close() {
        closed = true;
    }
}
