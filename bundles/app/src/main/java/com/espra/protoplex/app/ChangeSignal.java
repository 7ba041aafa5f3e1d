package com.espra.protoplex.app;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Tells one listener of changes, several at once as one, and on a thread of its own: changes are raised while the service registry and
 * the whiteboard hold their locks.
 *
 * <p>While something is awaited it tells again now and then: components that become satisfied raise no event of their own.
 */
final class ChangeSignal implements AutoCloseable {

    private static final Duration AGAIN = Duration.ofMillis(50);

    private final Semaphore raised = new Semaphore(0);
    private final BooleanSupplier awaiting;
    private volatile Runnable listener = () -> {};
    private volatile boolean closed;
    private final Thread thread = Thread.ofVirtual().name("changes").unstarted(this::run);

    ChangeSignal(BooleanSupplier awaiting) {
        this.awaiting = awaiting;
    }

    /** Sets the listener, and starts. */
    void listener(Runnable next) {
        listener = next;
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    void raise() {
        raised.release();
    }

    private void run() {
        boolean again = false;
        try {
            while (!closed) {
                if (again) {
                    // Woken by a change or by the clock, what follows is the same.
                    var _ = raised.tryAcquire(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    raised.acquire();
                }
                raised.drainPermits();
                if (!closed) {
                    listener.run();
                    again = awaiting.getAsBoolean();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        raise();
    }
}
