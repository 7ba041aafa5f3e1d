package com.espra.protoplex.api.swap;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears of every step of every swap on this node: register it as a service. */
@ConsumerType
@FunctionalInterface
public interface SwapListener {

    /**
     * Called in the order of events of one unit, on the thread that swaps: return quickly, and never throw.
     *
     * @param event what happened
     */
    void swapped(SwapEvent event);
}
