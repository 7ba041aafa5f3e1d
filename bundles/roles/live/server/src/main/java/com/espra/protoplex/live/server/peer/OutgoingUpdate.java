package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import java.util.concurrent.CompletableFuture;

/** An update on its way to the owner of its hub. */
final class OutgoingUpdate {

    private final String hub;
    private final Update update;
    private final String key;
    private final long end;
    private final CompletableFuture<Position> answer = new CompletableFuture<>();

    OutgoingUpdate(String hub, Update update, String key, long endNanos) {
        this.hub = hub;
        this.update = update;
        this.key = key;
        end = endNanos;
    }

    String hub() {
        return hub;
    }

    Update update() {
        return update;
    }

    String key() {
        return key;
    }

    boolean isOver(long nanos) {
        return nanos - end > 0;
    }

    CompletableFuture<Position> answer() {
        return answer;
    }

    void done(Position position) {
        answer.complete(position);
    }

    void fail(HubRefusedException reason) {
        answer.completeExceptionally(reason);
    }
}
