package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.HubRefusedException.Reason;
import com.espra.protoplex.live.core.log.HubLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Updates for one other node, in their order: what comes while a call is under way goes with the next one. */
final class PublishLane {

    private static final int MOST_WAITING = 10_000;
    private static final int MOST_AT_ONCE = 500;
    private static final int MOST_BYTES = 1 << 20;

    private final String node;
    private final PeerCalls calls;
    private final PeerThreads threads;
    private final Consumer<OutgoingUpdate> again;
    private final BlockingQueue<OutgoingUpdate> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean stopped;

    PublishLane(String node, PeerCalls calls, PeerThreads threads, Consumer<OutgoingUpdate> again) {
        this.node = node;
        this.calls = calls;
        this.threads = threads;
        this.again = again;
    }

    void send(OutgoingUpdate outgoing) {
        if (!waiting.offer(outgoing)) {
            outgoing.fail(
                    new HubRefusedException(Reason.FULL, "too many updates wait for the node " + node + ": later"));
            return;
        }
        runSoon();
    }

    private void runSoon() {
        if (!waiting.isEmpty() && running.compareAndSet(false, true)) {
            try {
                threads.work(this::run);
            } catch (HubRefusedException e) {
                running.set(false);
                stop();
            }
        }
    }

    private void run() {
        try {
            List<OutgoingUpdate> some = next();
            if (!some.isEmpty()) {
                calls.publish(node, some, again);
            }
        } finally {
            running.set(false);
            if (!stopped) {
                runSoon();
            }
        }
    }

    private List<OutgoingUpdate> next() {
        List<OutgoingUpdate> some = new ArrayList<>();
        long bytes = 0;
        while (some.size() < MOST_AT_ONCE && bytes < MOST_BYTES) {
            OutgoingUpdate one = waiting.poll();
            if (one == null) {
                break;
            }
            some.add(one);
            bytes += HubLog.weight(one.update(), one.key());
        }
        return some;
    }

    void stop() {
        stopped = true;
        List<OutgoingUpdate> left = new ArrayList<>();
        waiting.drainTo(left);
        left.forEach(each ->
                each.fail(new HubRefusedException(Reason.UNAVAILABLE, "this version of Live stops: publish it again")));
    }
}
