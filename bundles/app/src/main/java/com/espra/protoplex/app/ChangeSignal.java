package com.espra.protoplex.app;

import java.util.concurrent.Semaphore;

/**
 * Tells one listener of changes, several at once as one, and on a thread of its own: changes are raised while the service registry and
 * the whiteboard hold their locks.
 */
final class ChangeSignal implements AutoCloseable {

    private final Semaphore raised = new Semaphore(0);
    private volatile boolean closed;

    /** Starts to tell the listener, of what was raised before too. */
    void listener(Runnable listener) {
        Thread.ofPlatform().daemon().name("changes").start(() -> run(listener));
    }

    void raise() {
        raised.release();
    }

    private void run(Runnable listener) {
        while (!closed) {
            raised.acquireUninterruptibly();
            raised.drainPermits();
            if (!closed) {
                listener.run();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        raise();
    }
}
