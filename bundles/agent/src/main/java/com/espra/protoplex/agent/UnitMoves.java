package com.espra.protoplex.agent;

import com.espra.protoplex.agent.DistributionRoles.Shipped;
import com.espra.protoplex.agent.fetch.FetchException;
import com.espra.protoplex.agent.reconcile.Ended;
import com.espra.protoplex.agent.reconcile.Moves;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildOrder;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.sign.SignedBuild;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    private static final long CHECK_SECONDS = 15;
    private static final int MOST_LETTERS = 16 * 1024;

    private final SwapEngine engine;
    private final Source source;
    private final LocalBuilds builds;
    private final DistributionRoles distribution;

    /** Of units that serve a build of the distribution: what the Seed calls the same build, signed. */
    private final Map<String, Signed> signed = new ConcurrentHashMap<>();

    private final Map<String, Thread> fetching = new ConcurrentHashMap<>();

    UnitMoves(SwapEngine engine, Source source, LocalBuilds builds, DistributionRoles distribution) {
        this.engine = engine;
        this.source = source;
        this.builds = builds;
        this.distribution = distribution;
    }

    /**
     * A build of the distribution, and the same one as an author signed it.
     *
     * @param shipped the digest that the engine knows
     * @param release what the Seed calls it
     */
    private record Signed(String shipped, String release) {}

    @Override
    public CompletableFuture<Ended> move(String unit, String digest, TrialMark mark) {
        ReleaseId release = ReleaseId.of(digest);
        return swap(unit, digest, () -> {
            SignedBuild build = fetch(unit, release);
            boolean proved = isProved(mark);
            Optional<Shipped> same = same(build, release);
            if (same.isPresent()) {
                signed.put(unit, new Signed(same.get().digest(), digest));
                return builds.shipped(same.get());
            }
            return builds.release(build, release.values(), isStepBack(build.build()), proved);
        });
    }

    /** Fetches a release and looks whether it could be installed; whatever it finds, nothing changes. Takes its time. */
    LinkFrame.Answer rehearse(LinkFrame.Ask question) {
        String unit = question.with().getOrDefault("unit", "");
        ReleaseId release = ReleaseId.of(question.with().getOrDefault("digest", ""));
        Lock adding = builds.adding();
        try {
            // What nobody runs may be deleted at any time, but not while it is looked at.
            adding.lockInterruptibly();
            try {
                SignedBuild build = source.fetch(unit, release);
                String missing = engine.check(builds.release(build, release.values(), isStepBack(build.build()), false))
                        .get(CHECK_SECONDS, TimeUnit.SECONDS);
                return missing.isEmpty() ? found(question, "passed", "") : found(question, "refused", missing);
            } finally {
                adding.unlock();
            }
        } catch (FetchException e) {
            String why = String.valueOf(e.getMessage());
            return e.isUnreached() ? LinkFrame.Answer.failed(question.id(), why) : found(question, "refused", why);
        } catch (BuildException e) {
            return found(question, "refused", e.getMessage() + "; " + e.remedy());
        } catch (ExecutionException e) {
            return LinkFrame.Answer.failed(question.id(), String.valueOf(e.getCause()));
        } catch (IOException | TimeoutException e) {
            return LinkFrame.Answer.failed(question.id(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return LinkFrame.Answer.failed(question.id(), "the node stops");
        }
    }

    private static LinkFrame.Answer found(LinkFrame.Ask question, String state, String reason) {
        String shown = reason.substring(0, Math.min(MOST_LETTERS, reason.length()));
        return new LinkFrame.Answer(question.id(), "", "", List.of(new LinkFrame.Part(state, true, shown)));
    }

    /** The same build of the distribution, if that is here, serving or at rest: who signed it is no reason to install it twice. */
    private Optional<Shipped> same(SignedBuild build, ReleaseId release) {
        return distribution
                .find(build.build().unit())
                .filter(shipped -> release.values().isEmpty() && shipped.build().isContentOf(build.build()))
                .filter(shipped -> generations(build.build().unit())
                        .anyMatch(each ->
                                each.phase() != Phase.REMOVED && each.digest().equals(shipped.digest())));
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
        Optional<Shipped> shipped =
                distribution.find(unit).filter(each -> each.digest().equals(digest));
        if (shipped.isPresent()) {
            signed.remove(unit);
            return swap(unit, digest, () -> builds.shipped(shipped.get()));
        }
        return swap(unit, digest, () -> builds.restored(unit, digest));
    }

    @Override
    public Optional<String> shipped(String role) {
        return distribution.find(role).map(Shipped::digest);
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
    public Set<String> units() {
        return engine.units().stream().map(UnitStatus::unit).collect(Collectors.toSet());
    }

    @Override
    public Optional<String> live(String unit) {
        return generation(unit).map(serving -> release(unit, serving.digest()));
    }

    /** What the Seed calls a release that the engine knows by this digest. */
    private String release(String unit, String digest) {
        Signed known = signed.get(unit);
        return known != null && known.shipped().equals(digest) ? known.release() : digest;
    }

    /** As {@link #release}, and nothing for a build that the Seed does not know, because it is the distribution's. */
    String told(String unit, String digest) {
        String release = release(unit, digest);
        return shipped(unit).filter(release::equals).isPresent() ? "" : release;
    }

    private Optional<GenerationStatus> generation(String unit) {
        return status(unit).flatMap(UnitMoves::live);
    }

    private Stream<GenerationStatus> generations(String unit) {
        return status(unit).stream().flatMap(status -> status.generations().stream());
    }

    private Optional<UnitStatus> status(String unit) {
        return engine.units().stream()
                .filter(status -> status.unit().equals(unit))
                .findFirst();
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
