package com.espra.protoplex.agent;

import com.espra.protoplex.agent.fetch.FetchException;
import com.espra.protoplex.agent.reconcile.Ended;
import com.espra.protoplex.agent.reconcile.Moves;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildOrder;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.sign.SignedBuild;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves by fetching and swapping, each on a thread of its own until the engine has it. */
final class UnitMoves implements Moves {

    private static final Logger LOG = LoggerFactory.getLogger(UnitMoves.class);

    /** Where builds come from. */
    @FunctionalInterface
    interface Source {
        SignedBuild fetch(String unit, ReleaseId release) throws FetchException, InterruptedException;
    }

    /** Makes a release ready, which may take its time. */
    @FunctionalInterface
    private interface Preparation {
        Release release() throws FetchException, BuildException, IOException, InterruptedException;
    }

    private final SwapEngine engine;
    private final Source source;
    private final LocalBuilds builds;
    private final Map<String, Thread> fetching = new ConcurrentHashMap<>();

    UnitMoves(SwapEngine engine, Source source, LocalBuilds builds) {
        this.engine = engine;
        this.source = source;
        this.builds = builds;
    }

    @Override
    public CompletableFuture<Ended> move(String unit, String digest, TrialMark mark) {
        ReleaseId release = ReleaseId.of(digest);
        return swap(unit, digest, () -> {
            SignedBuild signed = fetch(unit, release);
            return builds.release(signed, release.values(), isStepBack(signed.build()), isProved(mark));
        });
    }

    private static boolean isProved(TrialMark mark) throws FetchException {
        try {
            return mark.set();
        } catch (IOException e) {
            throw FetchException.unsaved(e);
        }
    }

    /** Who goes back goes back to the routes of then. */
    private boolean isStepBack(Build to) {
        return generation(to.unit())
                .filter(serving -> BuildOrder.isStepBack(to.version(), serving.version()))
                .isPresent();
    }

    @Override
    public CompletableFuture<Ended> restore(String unit, String digest) {
        return swap(unit, digest, () -> builds.restored(unit, digest));
    }

    @Override
    public CompletableFuture<Ended> remove(String unit) {
        return engine.remove(unit).thenApply(outcome -> {
            builds.forgetKey(unit);
            return ended(outcome);
        });
    }

    @Override
    public void cancel(String unit) {
        fetching.computeIfPresent(unit, (name, thread) -> {
            thread.interrupt();
            return thread;
        });
    }

    /** Gives up all fetches. */
    void cancelAll() {
        fetching.keySet().forEach(this::cancel);
    }

    @Override
    public Optional<String> live(String unit) {
        return generation(unit).map(GenerationStatus::digest);
    }

    private Optional<GenerationStatus> generation(String unit) {
        return engine.units().stream()
                .filter(status -> status.unit().equals(unit))
                .findFirst()
                .flatMap(UnitMoves::live);
    }

    /** The generation that serves; empty when none does. */
    static Optional<GenerationStatus> live(UnitStatus unit) {
        return unit.generations().stream()
                .filter(generation -> generation.id().equals(unit.live()))
                .findFirst();
    }

    private CompletableFuture<Ended> swap(String unit, String digest, Preparation preparation) {
        CompletableFuture<Ended> end = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("protoplex-move-" + unit).start(() -> {
            try {
                end.complete(ended(engine.swap(preparation.release()).join()));
            } catch (FetchException e) {
                String reason = String.valueOf(e.getMessage());
                end.complete(e.isUnreached() ? Ended.later(reason) : Ended.failed(reason));
            } catch (BuildException e) {
                end.complete(Ended.failed(e.getMessage() + "; " + e.remedy()));
            } catch (IOException e) {
                LOG.error("{}: build {} cannot be read", unit, digest, e);
                end.complete(Ended.failed("the store of builds cannot be read: " + e.getMessage() + ". Push it again"));
            } catch (InterruptedException e) {
                end.complete(Ended.cancelled());
            } catch (RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    private SignedBuild fetch(String unit, ReleaseId release) throws FetchException, IOException, InterruptedException {
        Lock adding = builds.adding();
        fetching.put(unit, Thread.currentThread());
        try {
            adding.lockInterruptibly();
            try {
                return source.fetch(unit, release);
            } finally {
                adding.unlock();
            }
        } finally {
            fetching.remove(unit);
            // A cancellation that came too late for the fetch must not reach the engine.
            if (Thread.interrupted()) {
                LOG.debug("{}: release {} is here, and no longer wanted", unit, release);
            }
        }
    }

    private static Ended ended(Outcome outcome) {
        return outcome.done() ? Ended.done(outcome.flip()) : Ended.failed(outcome.reason());
    }
}
