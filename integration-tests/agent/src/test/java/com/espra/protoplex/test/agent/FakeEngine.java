package com.espra.protoplex.test.agent;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Swaps at once, and remembers it. */
final class FakeEngine implements SwapEngine {

    final Map<String, Release> live = new ConcurrentHashMap<>();
    final List<SwapEvent> told = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<Outcome> swap(Release release) {
        live.put(release.unit(), release);
        return CompletableFuture.completedFuture(new Outcome(true, Step.REST, "", Duration.ofMillis(5)));
    }

    @Override
    public CompletableFuture<Outcome> remove(String unit) {
        live.remove(unit);
        return CompletableFuture.completedFuture(new Outcome(true, Step.REMOVE, "", Duration.ZERO));
    }

    @Override
    public List<UnitStatus> units() {
        return live.values().stream().map(FakeEngine::status).toList();
    }

    private static UnitStatus status(Release release) {
        String id = release.unit() + "-1";
        return new UnitStatus(
                release.unit(),
                id,
                List.of(new GenerationStatus(
                        id,
                        release.version(),
                        release.digest(),
                        Phase.LIVE,
                        Instant.EPOCH,
                        0,
                        0,
                        List.of("/hello"),
                        List.of())));
    }

    @Override
    public List<SwapRecord> history() {
        return List.of();
    }

    @Override
    public void tell(SwapEvent event) {
        told.add(event);
    }
}
