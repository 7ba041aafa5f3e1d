package com.espra.protoplex.live.core.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Subscriptions that have begun read what they have missed: each a little in turn, and between any two the hub is let go of. So a filter that takes
 * long holds up its own subscription, and neither who publishes nor the other nodes.
 */
final class Replay implements Runnable {

    private static final int AT_ONCE = 200;
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Who lets go of a lock and takes it again at once is before those who wait for it. */
    private static final long LET_GO_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final LocalHub hub;
    private final List<LocalSubscription> left;

    Replay(LocalHub hub, List<LocalSubscription> begun) {
        this.hub = hub;
        left = new ArrayList<>(begun);
    }

    @Override
    public void run() {
        while (!left.isEmpty()) {
            left.removeIf(each -> !turn(each));
        }
    }

    private boolean turn(LocalSubscription subscription) {
        long begun = System.nanoTime();
        boolean more = hub.replay(subscription, AT_ONCE, LONGEST_NANOS);
        if (System.nanoTime() - begun >= LONGEST_NANOS && !Thread.holdsLock(hub)) {
            LockSupport.parkNanos(LET_GO_NANOS);
        }
        return more;
    }
}
