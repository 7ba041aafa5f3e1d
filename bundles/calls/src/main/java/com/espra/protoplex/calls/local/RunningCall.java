package com.espra.protoplex.calls.local;

import org.jspecify.annotations.Nullable;

/** A call that a role answers: it may be broken off while it is answered, and not a moment later, when its thread does something else. */
public final class RunningCall {

    private @Nullable Thread thread;
    private boolean over;
    private boolean broken;

    /** The calling thread answers it from now on. Returns false if it has been broken off already. */
    public synchronized boolean begin() {
        thread = Thread.currentThread();
        return !broken;
    }

    /** Nobody waits for it any more. */
    public synchronized void breakOff() {
        broken = true;
        if (thread != null && !over) {
            thread.interrupt();
        }
    }

    /** The calling thread has answered it. Returns whether it was broken off before. */
    public synchronized boolean end() {
        over = true;
        // What interrupted it was meant for this call alone.
        boolean interrupted = Thread.interrupted();
        return broken || interrupted;
    }
}
