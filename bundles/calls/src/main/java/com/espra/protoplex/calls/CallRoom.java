package com.espra.protoplex.calls;

import java.util.concurrent.atomic.AtomicLong;

/** How much may be under way at once: calls, or bytes. Whoever finds no room is turned away at once, and never waits. */
final class CallRoom {

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    CallRoom(long most) {
        this.most = most;
    }

    /** Of memory: an eighth of the heap, shared by all bodies. */
    static CallRoom ofHeap() {
        return new CallRoom(Runtime.getRuntime().maxMemory() / 8);
    }

    boolean enter(long amount) {
        if (taken.addAndGet(amount) > most) {
            taken.addAndGet(-amount);
            return false;
        }
        return true;
    }

    void leave(long amount) {
        taken.addAndGet(-amount);
    }

    long taken() {
        return taken.get();
    }

    long most() {
        return most;
    }
}
