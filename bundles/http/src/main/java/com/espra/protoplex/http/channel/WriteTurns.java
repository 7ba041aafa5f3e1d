package com.espra.protoplex.http.channel;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes what was queued, one client after the other, beside whoever queued it: who tells thousands is done soon, and what it says next meanwhile goes
 * into the same write. Nothing runs while nothing waits.
 */
public final class WriteTurns {

    private final Executor threads;
    private final Queue<SendQueue> due = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean runs = new AtomicBoolean();

    /** @param threads where is written, without blocking */
    public WriteTurns(Executor threads) {
        this.threads = threads;
    }

    /** Its turn comes. A queue is here once at most. */
    void add(SendQueue queue) {
        due.add(queue);
        begin();
    }

    private void begin() {
        if (!runs.compareAndSet(false, true)) {
            return;
        }
        try {
            threads.execute(this::run);
        } catch (RejectedExecutionException stopping) {
            run();
        }
    }

    private void run() {
        try {
            SendQueue next = due.poll();
            while (next != null) {
                next.writeNow();
                next = due.poll();
            }
        } finally {
            runs.set(false);
        }
        // What was added after the last look, and found that this still ran.
        if (!due.isEmpty()) {
            begin();
        }
    }
}
