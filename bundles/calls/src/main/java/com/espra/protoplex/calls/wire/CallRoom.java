package com.espra.protoplex.calls.wire;

import java.util.concurrent.atomic.AtomicLong;

/** How much may be under way at once: calls, or bytes. Whoever finds no room is turned away at once, and never waits. */
public final class CallRoom {

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    public CallRoom(long most) {
        this.most = most;
    }

    /** Of memory: an eighth of the heap, shared by all bodies. */
    public static CallRoom ofHeap() {
        return new CallRoom(Runtime.getRuntime().maxMemory() / 8);
    }

    public boolean enter(long amount) {
        if (taken.addAndGet(amount) > most) {
            taken.addAndGet(-amount);
            return false;
        }
        return true;
    }

    public void leave(long amount) {
        taken.addAndGet(-amount);
    }

    public long taken() {
        return taken.get();
    }

    public long most() {
        return most;
    }
}
