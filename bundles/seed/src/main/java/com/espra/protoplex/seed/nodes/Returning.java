package com.espra.protoplex.seed.nodes;

import com.espra.protoplex.seed.state.KnownNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The nodes that were there when the Seed before this one ended, which is a moment ago when it was replaced. They are on their way back: who
 * asks meanwhile waits for them, so that nobody is told that they are away, and nothing is pushed past them. Not for long, for one of them may
 * be gone.
 *
 * <p>Threads: safe from any.
 */
public final class Returning {

    /** How long ago the Seed before may have ended for its nodes to be waited for. */
    private static final Duration MOMENT = Duration.ofSeconds(15);

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Set<String> missing = ConcurrentHashMap.newKeySet();
    private final CountDownLatch all = new CountDownLatch(1);
    private final long until = System.nanoTime() + PATIENCE.toNanos();

    /** @param remembered the nodes as the Seed before has saved them */
    public Returning(Collection<KnownNode> remembered, Instant now) {
        for (KnownNode node : remembered) {
            if (node.connected() || node.since().isAfter(now.minus(MOMENT))) {
                missing.add(node.node());
            }
        }
        openIfAll();
    }

    /** A node is there, and has told what it runs. */
    public void back(String node) {
        if (missing.remove(node)) {
            openIfAll();
        }
    }

    private void openIfAll() {
        if (missing.isEmpty()) {
            all.countDown();
        }
    }

    /** Returns when they are back, or have had their time. */
    public void await() throws InterruptedException {
        long left = until - System.nanoTime();
        if (left > 0 && !all.await(left, TimeUnit.NANOSECONDS)) {
            all.countDown();
        }
    }
}
