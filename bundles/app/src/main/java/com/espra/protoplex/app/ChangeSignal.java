package com.espra.protoplex.app;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one listener of changes, several at once as one, and on a thread of its own: changes are raised while the service registry and
 * the whiteboard hold their locks. What is told of are services of an app: a listener that fails because of one is called again.
 */
final class ChangeSignal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeSignal.class);

    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final String generation;
    private final Semaphore raised = new Semaphore(0);
    private volatile boolean closed;

    ChangeSignal(String generation) {
        this.generation = generation;
    }

    /** Starts to tell the listener, of what was raised before too. */
    void listener(Runnable listener) {
        Thread.ofPlatform().daemon().name("changes of " + generation).start(() -> run(listener));
    }

    void raise() {
        raised.release();
    }

    private void run(Runnable listener) {
        try {
            raised.acquire();
            for (Duration pause = AGAIN; !closed; ) {
                raised.drainPermits();
                if (tell(listener, pause)) {
                    pause = AGAIN;
                    raised.acquire();
                } else if (!raised.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    pause = pause.compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
                }
            }
        } catch (InterruptedException stop) {
            LOG.debug("{}: its changes are told no more", generation);
        }
    }

    private boolean tell(Runnable listener, Duration pause) {
        try {
            listener.run();
            return true;
        } catch (RuntimeException | Error failed) {
            LOG.warn(
                    "{}: what it offers has changed, and cannot be looked at: its routes stay as they are, and it is tried again in {} ms",
                    generation,
                    pause.toMillis(),
                    failed);
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        raise();
    }
}
