package com.espra.protoplex.swap.engine;

/** Lets a thread go before those that answer requests, where the system allows it. */
public interface Precedence {

    /** For nobody. */
    Precedence NONE = () -> () -> {};

    /**
     * The calling thread goes first from now on, and no thread that it starts. Returns at once, whether it could be done or not.
     *
     * @return ends it; to be run once, by whichever thread, while the calling one is alive
     */
    Runnable take();
}
