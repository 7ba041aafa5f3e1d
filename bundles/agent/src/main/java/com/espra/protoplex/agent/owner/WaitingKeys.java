package com.espra.protoplex.agent.owner;

import com.espra.protoplex.api.owner.KeyOwner;
import com.espra.protoplex.api.owner.OwnerUnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Who waits until a key has an owner that does not move: so many at the most, and for so long. Safe from any thread. */
final class WaitingKeys {

    private final int most;
    private final Duration patience;
    private final Executor executor;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Wait> waiting = new ConcurrentHashMap<>();

    private record Wait(CompletableFuture<KeyOwner> end, Supplier<Optional<KeyOwner>> settled) {

        void look(Executor executor) {
            settled.get().ifPresent(owner -> end.completeAsync(() -> owner, executor));
        }
    }

    /**
     * @param most how many may wait
     * @param patience how long
     * @param executor goes on with what has waited
     */
    WaitingKeys(int most, Duration patience, Executor executor) {
        this.most = most;
        this.patience = patience;
        this.executor = executor;
    }

    /**
     * Waits.
     *
     * @param settled the owner, once it is there
     */
    CompletionStage<KeyOwner> add(String role, String key, Supplier<Optional<KeyOwner>> settled) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new OwnerUnavailableException(role, "as many wait for owners on this node as may: " + most));
        }
        CompletableFuture<KeyOwner> wait = new CompletableFuture<>();
        Long number = numbers.incrementAndGet();
        waiting.put(number, new Wait(wait, settled));
        CompletableFuture<KeyOwner> told = wait.orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((owner, failure) -> {
                    waiting.remove(number);
                    count.decrementAndGet();
                })
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException
                                ? new OwnerUnavailableException(
                                        role, "no node came to own " + key + " within " + patience.toMillis() + " ms")
                                : failure));
        // It may have come between the question and this.
        settled.get().ifPresent(wait::complete);
        return told;
    }

    /** Something has changed. */
    void look() {
        waiting.values().forEach(wait -> wait.look(executor));
    }

    /** How many wait. */
    int size() {
        return count.get();
    }
}
