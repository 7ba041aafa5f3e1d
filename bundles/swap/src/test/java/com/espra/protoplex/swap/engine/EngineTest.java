package com.espra.protoplex.swap.engine;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapEvent.State;
import com.espra.protoplex.swap.engine.FakeGenerations.Way;
import com.espra.protoplex.test.support.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Test;

public class EngineTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final FakeGenerations framework = new FakeGenerations();
    private final FakeDispatcher dispatcher = new FakeDispatcher();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
    private final FakePrecedence precedence = new FakePrecedence();
    private final Engine engine = new Engine(framework, dispatcher, now::get, policy(LONG), events::add, precedence);
    private Duration ready = LONG;

    @After
    public void letGo() {
        framework.release.countDown();
        framework.again.countDown();
    }

    private static SwapPolicy policy(Duration limit) {
        return new SwapPolicy(2, Duration.ofHours(1), limit, limit);
    }

    private void impatient(boolean is) {
        ready = is ? SHORT : LONG;
        engine.apply(policy(ready));
    }

    private Release release(String unit, String version) {
        return new Release(unit, version, unit + version, List.of(), Map.of(), ready, LONG);
    }

    private Outcome swap(String version) throws Exception {
        return engine.swap(release("hello", version)).get(20, TimeUnit.SECONDS);
    }

    private void swapDone(String version) throws Exception {
        Outcome outcome = swap(version);
        assertTrue(outcome.toString(), outcome.done());
    }

    private List<GenerationStatus> generations() {
        return engine.units().isEmpty() ? List.of() : engine.units().getFirst().generations();
    }

    private List<String> phases() {
        return generations().stream().map(g -> g.version() + " " + g.phase()).toList();
    }

    private void awaitPhases(String... expected) {
        Await.until("phases " + List.of(expected), SOON, () -> {
            assertEquals(List.of(expected), phases());
            return true;
        });
    }

    /** The places that wait for a release are these, and no other. */
    private void awaitPrepared(String... expected) {
        Await.until("prepared " + List.of(expected), SOON, () -> {
            assertEquals(Set.of(expected), framework.prepared);
            return true;
        });
    }

    private List<String> steps() {
        return events.stream()
                .map(e -> e.version() + " " + e.step() + " " + e.state())
                .toList();
    }

    @Test
    public void aSwapTakesEveryStepInItsOrder() throws Exception {
        swapDone("1");
        assertEquals("hello-1", dispatcher.liveGeneration("hello"));
        assertEquals(
                List.of(
                        "1 PREFLIGHT BEGUN",
                        "1 PREFLIGHT DONE",
                        "1 INSTALL BEGUN",
                        "1 INSTALL DONE",
                        "1 START BEGUN",
                        "1 START DONE",
                        "1 READY BEGUN",
                        "1 READY DONE",
                        "1 FLIP BEGUN",
                        "1 FLIP DONE"),
                steps());
        events.clear();
        swapDone("2");
        Await.until("the old one rests", SOON, () -> steps().contains("1 REST DONE"));
        assertEquals(
                List.of("2 FLIP DONE", "1 DRAIN BEGUN", "1 DRAIN DONE", "1 REST BEGUN", "1 REST DONE"),
                steps().subList(9, steps().size()));
        assertEquals(steps().size(), engine.history().getFirst().events().size());
        assertEquals("1", engine.history().getFirst().from());
    }

    @Test
    public void oneGenerationIsLiveAtATime() throws Exception {
        swapDone("1");
        assertEquals(Set.of("1"), framework.live);
        swapDone("2");
        assertEquals(Set.of("2"), framework.live);
        framework.ways.put("3 start", Way.FAIL);
        assertFalse(swap("3").done());
        assertEquals(Set.of("2"), framework.live);
        swapDone("1");
        assertEquals(Set.of("1"), framework.live);
        assertTrue(engine.remove("hello").get(20, TimeUnit.SECONDS).done());
        assertEquals(Set.of(), framework.live);
    }

    @Test
    public void whoHangsWhenItBecomesLiveServesAllTheSame() throws Exception {
        swapDone("1");
        framework.ways.put("2 live", Way.HANG);
        impatient(true);
        swapDone("2");
        assertEquals("hello-2", dispatcher.liveGeneration("hello"));
    }

    private void failsAt(Step step, String call, Way way, String reason) throws Exception {
        swapDone("1");
        framework.ways.put("2 " + call, way);
        impatient(way == Way.HANG);
        Outcome outcome = swap("2");
        assertFalse(outcome.done());
        assertEquals(step, outcome.failedAt());
        assertTrue(outcome.reason(), outcome.reason().contains(reason));
        assertEquals("hello-1", dispatcher.liveGeneration("hello"));
        assertTrue(steps().contains("2 " + step + " FAILED"));
        Await.until(
                "only the old one is there",
                SOON,
                () -> framework.present.keySet().equals(Set.of("hello-1")));
        Await.until(
                "the backend is closed", SOON, () -> step == Step.PREFLIGHT || dispatcher.all.get("hello-2").closed);
        framework.ways.clear();
        impatient(false);
        Outcome next = swap("3");
        assertTrue("the unit goes on: " + next, next.done());
    }

    @Test
    public void preflightFails() throws Exception {
        failsAt(Step.PREFLIGHT, "preflight", Way.FAIL, "preflight is refused");
    }

    @Test
    public void preflightHangs() throws Exception {
        failsAt(Step.PREFLIGHT, "preflight", Way.HANG, "did not end within 300 ms");
    }

    @Test
    public void installFails() throws Exception {
        failsAt(Step.INSTALL, "install", Way.FAIL, "install is refused");
    }

    @Test
    public void installThrows() throws Exception {
        failsAt(Step.INSTALL, "install", Way.THROW, "IllegalStateException: install is broken");
    }

    @Test
    public void installHangs() throws Exception {
        failsAt(Step.INSTALL, "install", Way.HANG, "installing hello 2 did not end");
    }

    @Test
    public void startFails() throws Exception {
        failsAt(Step.START, "start", Way.FAIL, "start is refused");
    }

    @Test
    public void startHangs() throws Exception {
        failsAt(Step.START, "start", Way.HANG, "starting hello 2 did not end");
    }

    @Test
    public void aSwapGoesFirstAndItsRemovalDoesNot() throws Exception {
        swapDone("1");
        swapDone("2");
        engine.remove("hello").get(20, TimeUnit.SECONDS);
        assertEquals(2, precedence.taken.get());
        assertEquals(0, precedence.held.get());
    }

    @Test
    public void whatTakesLongGoesFirstForAMomentOnly() throws Exception {
        framework.ways.put("1 start", Way.HANG);
        CompletableFuture<Outcome> swap = engine.swap(release("hello", "1"));
        Await.until("it starts", SOON, () -> framework.calls.contains("1 start"));
        Await.until("it goes on as the others", SOON, () -> precedence.held.get() == 0);
        assertFalse(swap.isDone());
        framework.release.countDown();
        assertTrue(swap.get(20, TimeUnit.SECONDS).done());
        assertEquals("ended once", 0, precedence.held.get());
    }

    @Test
    public void aFatalProblemFailsAtOnce() throws Exception {
        failsAt(Step.READY, "problems", Way.FAIL, "a component failed. Mend it");
    }

    @Test
    public void lookingForProblemsThrows() throws Exception {
        failsAt(Step.READY, "problems", Way.THROW, "problems is broken");
    }

    @Test
    public void lookingForProblemsHangs() throws Exception {
        failsAt(Step.READY, "problems", Way.HANG, "waiting for hello 2 did not end");
    }

    @Test
    public void whatIsMissingAtTheDeadlineIsNamed() throws Exception {
        framework.problems.put("1", List.of(new Problem(false, "no store", "Start one")));
        ready = SHORT;
        Outcome outcome = swap("1");
        assertEquals(Step.READY, outcome.failedAt());
        assertTrue(outcome.reason(), outcome.reason().contains("no store. Start one"));
        assertTrue(framework.present.isEmpty());
    }

    @Test
    public void readinessIsHeardOf() throws Exception {
        framework.problems.put("1", List.of(new Problem(false, "no store", "")));
        CompletableFuture<Outcome> swap = engine.swap(release("hello", "1"));
        Await.until("it waits", SOON, () -> framework.calls.contains("1 problems"));
        framework.problems.clear();
        framework.present.get("hello-1").change();
        assertTrue(swap.get(20, TimeUnit.SECONDS).done());
    }

    @Test
    public void whatItWaitsForIsSaidMeanwhile() throws Exception {
        framework.problems.put("1", List.of(new Problem(false, "no store", "Start one")));
        CompletableFuture<Outcome> swap = engine.swap(release("hello", "1"));
        Await.until("it is said twice", SOON, () -> waits().count() >= 2);
        assertEquals(
                "waits 1 of 10 s for: no store. Start one", waits().findFirst().orElseThrow());
        framework.problems.clear();
        framework.present.get("hello-1").change();
        assertTrue(swap.get(20, TimeUnit.SECONDS).done());
        assertEquals(
                "the newest alone is remembered",
                1,
                engine.history().getFirst().events().stream()
                        .filter(event -> event.state() == State.PROGRESS)
                        .count());
    }

    private Stream<String> waits() {
        return events.stream()
                .filter(event -> event.step() == Step.READY && event.state() == State.PROGRESS)
                .map(SwapEvent::detail);
    }

    private static Set<Route> routes(String... patterns) {
        return Arrays.stream(patterns).map(Route::of).collect(Collectors.toSet());
    }

    @Test
    public void theRoutesOfTheLiveOneAreWaitedFor() throws Exception {
        framework.routes.put("1", routes("/api/*", "/page"));
        swapDone("1");
        CompletableFuture<Outcome> swap = engine.swap(release("hello", "2"));
        Await.until("it waits", SOON, () -> framework.calls.contains("2 problems"));
        framework.routes.put("2", routes("/page"));
        framework.present.get("hello-2").change();
        assertFalse(swap.isDone());
        assertEquals("hello-1", dispatcher.liveGeneration("hello"));
        framework.routes.put("2", routes("/*"));
        framework.present.get("hello-2").change();
        assertTrue(swap.get(20, TimeUnit.SECONDS).done());
    }

    /** Else connections of the listener would be closed until the next version has it. */
    @Test
    public void theListenersOfStreamsAreWaitedForAsRoutesAre() throws Exception {
        framework.routes.put("1", Set.of(Route.stream("smtp"), Route.of("/*")));
        framework.routes.put("2", Set.of(Route.stream("submission"), Route.of("/*")));
        swapDone("1");
        ready = SHORT;
        Outcome outcome = swap("2");
        assertEquals(Step.READY, outcome.failedAt());
        assertTrue(outcome.reason(), outcome.reason().contains("it has not the routes stream:smtp, which 1 serves"));
        framework.routes.put("3", Set.of(Route.stream("smtp"), Route.of("/*")));
        swapDone("3");
    }

    @Test
    public void routesThatDoNotComeAreNamed() throws Exception {
        framework.routes.put("1", routes("/api/*", "/page"));
        framework.routes.put("2", routes("/page"));
        swapDone("1");
        ready = SHORT;
        Outcome outcome = swap("2");
        assertEquals(Step.READY, outcome.failedAt());
        assertEquals(
                "not ready after 300 ms: it has not the routes /api/*, which 1 serves. Push it with --drop-routes if they are to go",
                outcome.reason());
        assertEquals("hello-1", dispatcher.liveGeneration("hello"));
    }

    @Test
    public void routesThatAreToGoAreNotWaitedFor() throws Exception {
        framework.routes.put("1", routes("/api/*"));
        swapDone("1");
        assertTrue(engine.swap(new Release(
                        "hello",
                        "2",
                        "d2",
                        List.of(),
                        Map.of(),
                        LONG,
                        LONG,
                        Set.of(),
                        true,
                        false,
                        Release.Kind.APP,
                        false))
                .get(20, TimeUnit.SECONDS)
                .done());
        assertTrue(events.stream()
                .anyMatch(event ->
                        event.step() == Step.FLIP && event.detail().equals("it has no route: no request reaches it")));
        assertTrue("nor by who goes back", swap("1").done());
    }

    @Test
    public void whatMayTakeLongBeforeDoesNotMakeALaterPartWait() throws Exception {
        framework.ways.put("1 install", Way.HANG);
        framework.ways.put("1 start", Way.HANG_AGAIN);
        engine.apply(policy(Duration.ofSeconds(60)));
        ready = SHORT;
        CompletableFuture<Outcome> swap = engine.swap(release("hello", "1"));
        Await.until(
                "it is installed on a thread that waits",
                SOON,
                () -> precedence.taken.get() == 1 && precedence.held.get() == 0);
        framework.release.countDown();
        Outcome outcome = swap.get(20, TimeUnit.SECONDS);
        assertEquals(Step.START, outcome.failedAt());
        assertTrue(outcome.reason(), outcome.reason().contains("did not end within 300 ms"));
    }

    @Test
    public void aConflictOfRoutesFailsBeforeTheFlip() throws Exception {
        swapDone("1");
        dispatcher.conflict = new RouteConflictException(Route.of("/a"), "other");
        Outcome outcome = swap("2");
        assertEquals(Step.FLIP, outcome.failedAt());
        assertTrue(outcome.reason(), outcome.reason().contains("/a belongs to other already"));
        assertEquals(List.of("1 LIVE"), phases());
    }

    @Test
    public void aRemovalThatHangsDoesNotHoldUpTheUnit() throws Exception {
        framework.ways.put("1 start", Way.FAIL);
        framework.ways.put("1 remove", Way.HANG);
        impatient(true);
        assertFalse(swap("1").done());
        impatient(false);
        swapDone("2");
        awaitPhases("2 LIVE", "1 REMOVED");
        framework.release.countDown();
        Await.until("it is gone when it returns", SOON, () -> !framework.present.containsKey("hello-1"));
    }

    @Test
    public void theSameDigestDoesNothing() throws Exception {
        swapDone("1");
        events.clear();
        swapDone("1");
        assertEquals(List.of(), steps());
    }

    @Test
    public void callsForOneUnitAreCarriedOutInTheirOrder() throws Exception {
        CompletableFuture<Outcome> first = engine.swap(release("hello", "1"));
        CompletableFuture<Outcome> second = engine.swap(release("hello", "2"));
        assertTrue(first.get(20, TimeUnit.SECONDS).done());
        assertTrue(second.get(20, TimeUnit.SECONDS).done());
        assertEquals("hello-2", dispatcher.liveGeneration("hello"));
        assertTrue(steps().indexOf("1 FLIP DONE") < steps().indexOf("2 PREFLIGHT BEGUN"));
    }

    @Test
    public void unitsDoNotWaitForEachOther() throws Exception {
        framework.ways.put("9 start", Way.HANG);
        CompletableFuture<Outcome> stuck =
                engine.swap(new Release("stuck", "9", "stuck9", List.of(), Map.of(), Duration.ofSeconds(20), LONG));
        Await.until("it hangs", SOON, () -> framework.calls.contains("9 start"));
        swapDone("1");
        assertFalse(stuck.isDone());
        framework.release.countDown();
        assertTrue(stuck.get(20, TimeUnit.SECONDS).done());
    }

    @Test
    public void rollBackFlipsToTheOneAtRest() throws Exception {
        swapDone("1");
        swapDone("2");
        awaitPhases("2 LIVE", "1 RESTING");
        awaitPrepared("hello-3");
        framework.calls.clear();
        swapDone("1");
        assertEquals("hello-1", dispatcher.liveGeneration("hello"));
        awaitPhases("2 RESTING", "1 LIVE");
        assertEquals(List.of("1 resumed", "1 problems", "2 notLive", "1 live", "2 rested"), framework.calls);
    }

    @Test
    public void rollBackDoesNotWaitForADrain() throws Exception {
        dispatcher.drainsAtOnce = false;
        swapDone("1");
        swapDone("2");
        awaitPhases("2 LIVE", "1 DRAINING");
        swapDone("1");
        awaitPhases("2 DRAINING", "1 LIVE");
        dispatcher.all.get("hello-1").drained.complete(0L);
        dispatcher.all.get("hello-2").drained.complete(0L);
        awaitPhases("2 RESTING", "1 LIVE");
    }

    @Test
    public void noMoreThanRestKeepAreKept() throws Exception {
        for (int i = 1; i <= 5; i++) {
            now.updateAndGet(time -> time.plusSeconds(1));
            swapDone(String.valueOf(i));
            Await.until("drained", SOON, () -> phases().stream().noneMatch(phase -> phase.endsWith("DRAINING")));
        }
        awaitPhases("5 LIVE", "4 RESTING", "3 RESTING");
        assertTrue(dispatcher.all.get("hello-1").closed);
    }

    @Test
    public void restEndsAfterItsTime() throws Exception {
        swapDone("1");
        swapDone("2");
        awaitPhases("2 LIVE", "1 RESTING");
        engine.tick();
        assertEquals(List.of("2 LIVE", "1 RESTING"), phases());
        now.updateAndGet(time -> time.plus(Duration.ofHours(1)));
        engine.tick();
        awaitPhases("2 LIVE");
    }

    @Test
    public void aGenerationThatCannotRestIsRemoved() throws Exception {
        framework.ways.put("1 rested", Way.THROW);
        swapDone("1");
        swapDone("2");
        awaitPhases("2 LIVE");
    }

    @Test
    public void whatHoldsARemovedGenerationIsTold() throws Exception {
        framework.collects = false;
        engine.apply(new SwapPolicy(0, Duration.ZERO, LONG, LONG));
        swapDone("1");
        swapDone("2");
        awaitPhases("2 LIVE", "1 REMOVED");
        framework.overdue = true;
        engine.tick();
        Await.until(
                "it is told",
                SOON,
                () -> events.stream().anyMatch(e -> e.detail().equals("not collected: thread 'x'")));
        Outcome removal = engine.history().getFirst().outcome();
        assertEquals(Step.REMOVE, removal.failedAt());
        assertEquals("hello-1 is removed and not collected: thread 'x'", removal.reason());
        framework.collects = true;
        engine.tick();
        awaitPhases("2 LIVE");
        Await.until("it is told", SOON, () -> events.getLast().detail().equals("collected"));
    }

    @Test
    public void removalTakesAllGenerations() throws Exception {
        swapDone("1");
        swapDone("2");
        assertTrue(engine.remove("hello").get(20, TimeUnit.SECONDS).done());
        assertEquals("", dispatcher.liveGeneration("hello"));
        assertTrue(framework.present.isEmpty());
        assertEquals(List.of(), engine.units());
        assertFalse(engine.remove("hello").get(20, TimeUnit.SECONDS).done());
    }

    @Test
    public void closingLeavesNothing() throws Exception {
        swapDone("1");
        swapDone("2");
        engine.close();
        assertTrue(framework.present.isEmpty());
        assertEquals(Set.of(), framework.prepared);
        assertTrue(dispatcher.all.values().stream().allMatch(backend -> backend.closed));
    }

    @Test
    public void theNextReleaseIsInstalledWhereItIsPrepared() throws Exception {
        swapDone("1");
        awaitPrepared("hello-2");
        assertEquals("it is no generation yet", List.of("1 LIVE"), phases());
        swapDone("2");
        assertEquals("hello-2", dispatcher.liveGeneration("hello"));
        awaitPrepared("hello-3");
    }

    @Test
    public void aReleaseThatFailedLeavesThePlaceOfTheNext() throws Exception {
        swapDone("1");
        framework.ways.put("2 start", Way.FAIL);
        assertFalse(swap("2").done());
        awaitPrepared("hello-3");
        assertEquals(Set.of("hello-1"), framework.present.keySet());
    }

    @Test
    public void nothingIsPreparedForAUnitThatDoesNotServe() throws Exception {
        framework.ways.put("1 start", Way.FAIL);
        assertFalse(swap("1").done());
        swapDone("2");
        awaitPrepared("hello-3");
        assertTrue(engine.remove("hello").get(20, TimeUnit.SECONDS).done());
        assertEquals(Set.of(), framework.prepared);
        assertTrue(dispatcher.all.values().stream().allMatch(backend -> backend.closed));
    }

    private void cannotBePrepared(Way way) throws Exception {
        framework.ways.put("hello-2 prepare", way);
        impatient(way == Way.HANG);
        swapDone("1");
        Await.until("it is given up", SOON, () -> {
            FakeDispatcher.FakeBackend backend = dispatcher.all.get("hello-2");
            return backend != null && backend.closed;
        });
        assertEquals(Set.of(), framework.prepared);
        swapDone("2");
        assertEquals("hello-3", dispatcher.liveGeneration("hello"));
    }

    @Test
    public void aPlaceThatCannotBePreparedKeepsNobodyFromServing() throws Exception {
        cannotBePrepared(Way.FAIL);
    }

    @Test
    public void aPlaceWhosePreparationThrowsKeepsNobodyFromServing() throws Exception {
        cannotBePrepared(Way.THROW);
    }

    @Test
    public void aPlaceWhosePreparationHangsKeepsNobodyFromServing() throws Exception {
        cannotBePrepared(Way.HANG);
    }

    @Test
    public void stepsOfOthersBelongToTheSwapThatFollows() throws Exception {
        SwapEvent fetched =
                new SwapEvent(Instant.EPOCH, "hello", "1", "", Step.FETCH, State.DONE, "3 files", Duration.ZERO);
        engine.tell(fetched);
        swapDone("1");
        assertEquals(fetched, engine.history().getFirst().events().getFirst());
        assertEquals(fetched, events.getFirst());
    }

    @Test
    public void historyKeepsTheLast256() throws Exception {
        framework.ways.put("1 preflight", Way.FAIL);
        for (int i = 0; i < 300; i++) {
            swap("1");
        }
        assertEquals(256, engine.history().size());
    }
}
