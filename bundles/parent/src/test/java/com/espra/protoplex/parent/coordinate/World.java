package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Everything around a coordinator, on one thread and without time. */
final class World {

    final Deque<Runnable> tasks = new ArrayDeque<>();
    final List<Alarm> alarms = new ArrayList<>();
    final List<SwapEvent> told = new ArrayList<>();
    /** What the host was told of the one process. */
    final List<Boolean> needed = new ArrayList<>();

    final Coordinator coordinator =
            new Coordinator(new Surroundings(tasks::add, this::alarm, () -> Instant.EPOCH, told::add, needed::add));

    record Alarm(Duration delay, Runnable call) {}

    private Runnable alarm(Duration delay, Runnable call) {
        Alarm alarm = new Alarm(delay, call);
        alarms.add(alarm);
        return () -> alarms.remove(alarm);
    }

    /** One that all try at once. */
    static Release release(String unit, String version) {
        return release(unit, version, true);
    }

    static Release release(String unit, String version, boolean proved) {
        return new Release(
                unit,
                version,
                "digest of " + unit + " " + version,
                List.of(),
                Map.of(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Set.of(),
                false,
                proved,
                Release.Kind.APP,
                false);
    }

    /** Does all that is to be done. */
    void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    FakeMember join(FakeMember member) {
        coordinator.join(member);
        run();
        return member;
    }

    FakeMember join(String id) {
        return join(new FakeMember(id));
    }

    /** The one process comes, or comes again. */
    FakeMember joinOne(String id) {
        return join(new FakeMember(id).one());
    }

    static Release inOne(String unit, String version, boolean proved) {
        return new Release(
                unit,
                version,
                "digest of " + unit + " " + version,
                List.of(),
                Map.of(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Set.of(),
                false,
                proved,
                Release.Kind.ROLE,
                true);
    }

    CompletableFuture<Outcome> swapInOne(String unit, String version) {
        CompletableFuture<Outcome> outcome = coordinator.swap(inOne(unit, version, true));
        run();
        return outcome;
    }

    void die(FakeMember member) {
        member.die();
        coordinator.gone(member.id());
        run();
    }

    void answer(FakeMember member) {
        member.answer();
        run();
    }

    CompletableFuture<Outcome> swap(String unit, String version) {
        CompletableFuture<Outcome> outcome = coordinator.swap(release(unit, version));
        run();
        return outcome;
    }

    /** To a release that never served on this node. */
    CompletableFuture<Outcome> tryOut(String unit, String version) {
        CompletableFuture<Outcome> outcome = coordinator.swap(release(unit, version, false));
        run();
        return outcome;
    }

    CompletableFuture<String> check(String unit, String version) {
        CompletableFuture<String> missing = coordinator.check(release(unit, version));
        run();
        return missing;
    }

    CompletableFuture<Outcome> remove(String unit) {
        CompletableFuture<Outcome> outcome = coordinator.remove(unit);
        run();
        return outcome;
    }

    void restored() {
        coordinator.restored(true);
        run();
    }

    void timeIsOver() {
        List<Alarm> now = List.copyOf(alarms);
        alarms.clear();
        now.forEach(alarm -> alarm.call().run());
        run();
    }
}
