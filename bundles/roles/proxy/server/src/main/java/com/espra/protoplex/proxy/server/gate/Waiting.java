package com.espra.protoplex.proxy.server.gate;

import com.espra.protoplex.api.relay.Decision;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A request that waits.
 *
 * @param host for which it is
 * @param path for which it is
 * @param untilNanos how long it waits, over all rooms together
 * @param how what becomes of it
 * @param decision what has become of it
 */
record Waiting(String host, String path, long untilNanos, Ways how, CompletableFuture<Decision> decision) {

    /**
     * What becomes of a request that waits.
     *
     * @param on decides when nothing closes its path any more
     * @param drained decides when its path takes nothing new meanwhile
     * @param late decides when it has waited for too long
     */
    record Ways(Supplier<Decision> on, Supplier<Decision> drained, Supplier<Decision> late) {}

    boolean isOver() {
        return decision.isDone();
    }

    void goOn() {
        complete(how.on());
    }

    void refuse() {
        complete(how.drained());
    }

    void giveUp() {
        complete(how.late());
    }

    private void complete(Supplier<Decision> by) {
        if (decision.isDone()) {
            return;
        }
        try {
            Decision made = by.get();
            if (made instanceof Decision.Later later) {
                later.decision().whenComplete((value, failure) -> {
                    if (failure == null) {
                        decision.complete(value);
                    } else {
                        decision.completeExceptionally(failure);
                    }
                });
            } else {
                decision.complete(made);
            }
        } catch (RuntimeException e) {
            decision.completeExceptionally(e);
        }
    }
}
