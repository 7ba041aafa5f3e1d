package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The engine: one state machine for each unit, and nothing that they would have to wait for each other. */
public final class Engine implements SwapEngine, AutoCloseable {

    private static final Duration LAST_WAIT = Duration.ofSeconds(15);

    private final Context context;
    private volatile SwapPolicy policy;
    private final Map<String, Unit> units = new ConcurrentSkipListMap<>();

    /**
     * An engine without units.
     *
     * @param generations the framework
     * @param dispatcher who sends requests to generations
     * @param clock tells the time
     * @param policy what the operator decides
     * @param listeners is told of every step; throws nothing
     * @param precedence lets a swap go before requests
     */
    public Engine(
            Generations generations,
            Dispatcher dispatcher,
            InstantSource clock,
            SwapPolicy policy,
            Consumer<SwapEvent> listeners,
            Precedence precedence) {
        this.policy = policy;
        this.context = new Context(
                generations, dispatcher, clock, () -> this.policy, new SwapJournal(clock, listeners), precedence);
    }

    @Override
    public CompletableFuture<Outcome> swap(Release release) {
        return unit(release.unit()).swap(release);
    }

    @Override
    public CompletableFuture<String> check(Release release) {
        CompletableFuture<String> missing = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("swap check " + release.unit()).start(() -> {
            try {
                context.generations().check(release);
                missing.complete("");
            } catch (Refused e) {
                missing.complete(String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                missing.completeExceptionally(e);
            }
        });
        return missing;
    }

    @Override
    public CompletableFuture<Outcome> remove(String unit) {
        return unit(unit).remove();
    }

    @Override
    public List<UnitStatus> units() {
        return units.values().stream()
                .map(Unit::status)
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public List<SwapRecord> history() {
        return context.journal().history();
    }

    @Override
    public void tell(SwapEvent event) {
        context.journal().announce(event);
    }

    /** Replaces what the operator decides; it holds from now on. */
    public void apply(SwapPolicy policy) {
        this.policy = policy;
    }

    /** Removes what has rested for too long, and looks whether what was removed is collected. Call it about every second. */
    public void tick() {
        units.values().forEach(Unit::tick);
    }

    /** Removes everything. Returns when that is done, or has taken too long. */
    @Override
    public void close() {
        CompletableFuture<?>[] closing =
                units.values().stream().map(Unit::close).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(closing)
                .completeOnTimeout(null, LAST_WAIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private Unit unit(String name) {
        return units.computeIfAbsent(name, missing -> new Unit(missing, context));
    }
}
