package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A child with an engine that answers when the test wants it to. */
final class FakeMember implements SwapMember {

    final String id;
    /** What it was asked, in order. */
    final List<String> asked = new ArrayList<>();
    /** Unit to the release that serves. */
    final Map<String, Release> live = new TreeMap<>();
    /** Versions that its engine refuses. */
    final Set<String> refuses = new HashSet<>();

    final List<String> replaced = new ArrayList<>();
    Duration flip = Duration.ofMillis(5);
    boolean restored;
    boolean patient;
    boolean removesBadly;

    private final Deque<Runnable> held = new ArrayDeque<>();
    private final List<CompletableFuture<?>> open = new ArrayList<>();
    private final Map<String, Long> generations = new TreeMap<>();
    private Release.Placement placement = Release.Placement.EACH;
    private boolean gone;

    FakeMember(String id) {
        this.id = id;
    }

    /** It is the process of units that are placed in one. */
    FakeMember one() {
        placement = Release.Placement.ONE;
        return this;
    }

    /** Answers nothing until {@link #answer}. */
    FakeMember patient() {
        patient = true;
        return this;
    }

    /** Answers what it was asked first. */
    void answer() {
        held.remove().run();
    }

    boolean isBusy() {
        return !held.isEmpty();
    }

    /** The process is no more: all that it was asked fails. */
    void die() {
        gone = true;
        held.clear();
        List.copyOf(open).forEach(call -> call.completeExceptionally(new IOException(id + " is gone")));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Release.Placement placement() {
        return placement;
    }

    @Override
    public CompletableFuture<Answer> swap(Release release) {
        asked.add(release.unit() + " " + release.version());
        return later(() -> {
            if (refuses.contains(release.version())) {
                return answer(
                        release.unit(), new Outcome(false, Step.START, release.version() + " throws", Duration.ZERO));
            }
            live.put(release.unit(), release);
            generations.merge(release.unit(), 1L, Long::sum);
            return answer(release.unit(), new Outcome(true, Step.FLIP, "", flip));
        });
    }

    @Override
    public CompletableFuture<String> check(Release release) {
        asked.add(release.unit() + " " + release.version() + " check");
        return later(() -> refuses.contains(release.version()) ? release.version() + " needs a package" : "");
    }

    @Override
    public CompletableFuture<Answer> remove(String unit) {
        asked.add(unit + " remove");
        return later(() -> {
            live.remove(unit);
            return answer(unit, new Outcome(!removesBadly, Step.REMOVE, removesBadly ? "it hangs" : "", Duration.ZERO));
        });
    }

    private Answer answer(String unit, Outcome outcome) {
        return new Answer(
                outcome,
                status().stream().filter(each -> each.unit().equals(unit)).toList());
    }

    private <T> CompletableFuture<T> later(java.util.function.Supplier<T> result) {
        CompletableFuture<T> call = new CompletableFuture<>();
        if (gone) {
            call.completeExceptionally(new IOException(id + " is gone"));
            return call;
        }
        open.add(call);
        Runnable end = () -> {
            open.remove(call);
            call.complete(result.get());
        };
        if (patient) {
            held.add(end);
        } else {
            end.run();
        }
        return call;
    }

    @Override
    public CompletableFuture<List<UnitStatus>> units() {
        return gone
                ? CompletableFuture.failedFuture(new IOException(id + " is gone"))
                : CompletableFuture.completedFuture(status());
    }

    private List<UnitStatus> status() {
        return live.values().stream()
                .map(release -> {
                    String generation = release.unit() + "-" + generations.get(release.unit());
                    return new UnitStatus(
                            release.unit(),
                            generation,
                            List.of(new GenerationStatus(
                                    generation,
                                    release.version(),
                                    release.digest(),
                                    Phase.LIVE,
                                    Instant.EPOCH,
                                    1,
                                    10,
                                    List.of("/" + release.unit()),
                                    List.of())));
                })
                .toList();
    }

    @Override
    public CompletableFuture<?> restored() {
        restored = true;
        return gone
                ? CompletableFuture.failedFuture(new IOException(id + " is gone"))
                : CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public void replace(String reason) {
        replaced.add(reason);
    }

    String version(String unit) {
        Release release = live.get(unit);
        return release == null ? "" : release.version();
    }

    @Override
    public String toString() {
        return id + " " + live.values().stream().map(Release::version).toList();
    }
}
