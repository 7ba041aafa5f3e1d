package com.espra.protoplex.live.core.hub;

import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who waits until what was published is certain. Guarded by the hub; futures are completed outside of it. */
final class UncertainUpdates {

    private static final int MOST = 10_000;

    private record Waiting(Position position, long since, CompletableFuture<Position> future) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>();

    boolean isFull() {
        return waiting.size() >= MOST;
    }

    CompletableFuture<Position> await(Position position, long now) {
        CompletableFuture<Position> future = new CompletableFuture<>();
        waiting.add(new Waiting(position, now, future));
        return future;
    }

    /** Somebody else who waits for what another one has published. */
    CompletableFuture<Position> awaitAmong(Position position, long now) {
        for (Waiting each : waiting) {
            if (each.position.equals(position)) {
                return each.future.copy();
            }
        }
        return await(position, now);
    }

    /** What is certain up to an offset: to be run when the hub is let go of. */
    List<Runnable> upTo(long offset) {
        List<Runnable> settled = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.getFirst().position.offset() <= offset) {
            Waiting certain = waiting.removeFirst();
            settled.add(() -> certain.future.complete(certain.position));
        }
        return settled;
    }

    /** Who has waited since then, or longer, is told that nobody knows. The update stays, and may become certain. */
    List<Runnable> expire(String hub, long since) {
        List<Runnable> settled = new ArrayList<>();
        waiting.removeIf(each -> {
            boolean over = each.since <= since;
            if (over) {
                settled.add(() -> each.future.completeExceptionally(new HubRefusedException(
                        HubRefusedException.Reason.UNKNOWN,
                        "no second node has the update of the hub " + hub
                                + " yet: publish it again, with the same key")));
            }
            return over;
        });
        return settled;
    }

    /** The node owns the hub no longer. */
    List<Runnable> abandon(String hub) {
        List<Runnable> settled = new ArrayList<>();
        for (Waiting each : waiting) {
            settled.add(() -> each.future.completeExceptionally(new HubRefusedException(
                    HubRefusedException.Reason.UNKNOWN,
                    "the owner of the hub " + hub
                            + " has changed before a second node had the update: publish it again,"
                            + " with the same key")));
        }
        waiting.clear();
        return settled;
    }
}
