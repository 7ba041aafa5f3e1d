package com.espra.protoplex.live.core.hub;

import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node that owns what there is, with or without another one that is to acknowledge. */
final class Alone implements HubPeers {

    volatile boolean expected;
    volatile boolean owns = true;
    int refusals;
    boolean silent;
    private long epochs;

    @Override
    public boolean owns(String hub) {
        return owns;
    }

    @Override
    public boolean areExpected() {
        return expected;
    }

    @Override
    public CompletionStage<Position> publish(String hub, Update update, String key) {
        return CompletableFuture.failedFuture(new IllegalStateException("nobody else is there"));
    }

    @Override
    public CompletionStage<List<Member>> members(String hub) {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public void recover(LocalHub hub) {
        if (refusals-- > 0) {
            throw new HubRefusedException(HubRefusedException.Reason.FULL, "on purpose");
        }
        if (!silent) {
            hub.own(++epochs);
        }
    }

    @Override
    public void opened(LocalHub hub) {}

    @Override
    public void appended(LocalHub hub) {}
}
