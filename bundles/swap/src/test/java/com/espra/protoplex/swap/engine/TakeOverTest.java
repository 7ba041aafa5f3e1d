package com.espra.protoplex.swap.engine;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapEvent.State;
import com.espra.protoplex.swap.engine.FakeGenerations.Way;
import com.espra.protoplex.swap.offer.GenerationOffers.Offer;
import com.espra.protoplex.test.support.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What can be open once goes from one generation to the next, or stays where it is. */
public class TakeOverTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final FakeGenerations framework = new FakeGenerations();
    private final FakeDispatcher dispatcher = new FakeDispatcher();
    private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
    private final Engine engine =
            new Engine(framework, dispatcher, () -> Instant.EPOCH, policy(LONG), events::add, new FakePrecedence());
    private Duration ready = LONG;

    private static SwapPolicy policy(Duration remove) {
        return new SwapPolicy(2, Duration.ofHours(1), LONG, remove);
    }

    @Before
    public void oneOrder() {
        dispatcher.calls = framework.calls;
    }

    @After
    public void letGo() {
        framework.release.countDown();
        framework.again.countDown();
    }

    private Release release(String version, boolean takeOver) {
        return new Release(
                "hello",
                version,
                "digest" + version,
                List.of(),
                Map.of(),
                ready,
                LONG,
                Set.of(),
                false,
                false,
                Release.Kind.ROLE,
                takeOver);
    }

    private Outcome push(String version) throws Exception {
        return engine.swap(release(version, true)).get(20, TimeUnit.SECONDS);
    }

    private void pushed(String version) throws Exception {
        Outcome outcome = push(version);
        assertTrue(outcome.toString(), outcome.done());
        awaitRest();
    }

    /** What follows a flip is over. */
    private void awaitRest() {
        Await.until(
                "nothing drains",
                SOON,
                () -> engine.units().getFirst().generations().stream()
                        .allMatch(each ->
                                Set.of("LIVE", "RESTING").contains(each.phase().name())));
    }

    /** What was done, without what is not of interest here. */
    private List<String> calls() {
        return framework.calls.stream()
                .filter(call -> !call.endsWith(" prepare") && !call.endsWith(" preflight") && !call.endsWith(" rested"))
                .toList();
    }

    private void refused(Outcome outcome, String reason) {
        assertFalse(outcome.done());
        assertEquals(Step.FLIP, outcome.failedAt());
        assertTrue(outcome.reason(), outcome.reason().contains(reason));
    }

    /** Version 1 is as it was before, and the next one works. */
    private void assertAsBefore() throws Exception {
        assertEquals("hello-1", dispatcher.liveGeneration("hello"));
        assertEquals(
                "release to hello-1",
                calls().stream()
                        .filter(call -> call.startsWith("release"))
                        .toList()
                        .getLast());
        assertEquals(Set.of("1"), framework.live);
        assertEquals(Set.of(), dispatcher.held);
        assertEquals("it has heard that requests come again", Set.of(), framework.deaf);
        framework.ways.clear();
        framework.problemsWhenLive.clear();
        dispatcher.conflict = null;
        dispatcher.inFlight = CompletableFuture.completedFuture(0L);
        pushed("3");
        assertEquals(Set.of("3"), framework.live);
    }

    @Test
    public void theFirstReleaseOpensBeforeARequestReachesIt() throws Exception {
        pushed("1");
        assertEquals(List.of("1 install", "1 start", "1 problems", "1 live", "1 problems", "flip to hello-1"), calls());
    }

    @Test
    public void whoKeepsRequestsWaitingHearsOfItBeforeTheyAreWaitedFor() throws Exception {
        pushed("1");
        CompletableFuture<Long> inFlight = new CompletableFuture<>();
        dispatcher.inFlight = inFlight;
        CompletableFuture<Outcome> swap = engine.swap(release("2", true));
        Await.until("what is in flight is waited for", SOON, () -> calls().contains("idle"));
        assertEquals(Set.of("1"), framework.deaf);
        inFlight.complete(0L);
        assertTrue(swap.get(20, TimeUnit.SECONDS).done());
        assertEquals("the next one is told nothing of it", Set.of("1"), framework.deaf);
    }

    private void offers(String generation, String answer) {
        Supplier<String> service = () -> answer;
        framework.present.get(generation).offers.set(Map.of(Supplier.class, new Offer(service, Map.of())));
    }

    private CompletableFuture<Object> callWhileItIsClosed(CompletableFuture<Outcome> swap) {
        Await.until("the first one is closed", SOON, () -> calls().contains("1 notLive"));
        Supplier<?> offer = (Supplier<?>) framework.published.get("hello Supplier");
        CompletableFuture<Object> call = CompletableFuture.supplyAsync(
                offer::get, task -> Thread.ofVirtual().start(task));
        offers("hello-2", "2");
        assertFalse(call.isDone());
        assertFalse(swap.isDone());
        return call;
    }

    @Test
    public void callsOfOtherUnitsWaitToo() throws Exception {
        pushed("1");
        offers("hello-1", "1");
        framework.ways.put("2 live", Way.HANG);
        CompletableFuture<Outcome> swap = engine.swap(release("2", true));
        CompletableFuture<Object> call = callWhileItIsClosed(swap);
        framework.release.countDown();
        assertTrue(swap.get(20, TimeUnit.SECONDS).done());
        assertEquals("2", call.get(20, TimeUnit.SECONDS));
    }

    @Test
    public void callsGoOnInTheOldOneIfTheNextOneCannotOpen() throws Exception {
        pushed("1");
        offers("hello-1", "1");
        framework.ways.put("2 live", Way.HANG);
        ready = SHORT;
        CompletableFuture<Outcome> swap = engine.swap(release("2", true));
        CompletableFuture<Object> call = callWhileItIsClosed(swap);
        assertFalse(swap.get(20, TimeUnit.SECONDS).done());
        assertEquals("1", call.get(20, TimeUnit.SECONDS));
    }

    @Test
    public void requestsWaitWhileTheNextOneTakesOver() throws Exception {
        pushed("1");
        framework.calls.clear();
        pushed("2");
        assertEquals(
                List.of(
                        "2 install",
                        "2 start",
                        "2 problems",
                        "hold",
                        "idle",
                        "1 notLive",
                        "2 live",
                        "2 problems",
                        "flip to hello-2",
                        "release to hello-2",
                        "drain of hello-1"),
                calls());
        assertEquals(
                "it has no route: no request reaches it; requests were held for 20 ms: 3 of them, the first for 10 ms",
                events.stream()
                        .filter(event -> event.step() == Step.FLIP && event.state() == State.DONE)
                        .toList()
                        .getLast()
                        .detail());
    }

    @Test
    public void aRollBackTakesOver() throws Exception {
        pushed("1");
        pushed("2");
        framework.calls.clear();
        pushed("1");
        assertEquals(
                List.of(
                        "1 resumed",
                        "1 problems",
                        "hold",
                        "idle",
                        "2 notLive",
                        "1 live",
                        "1 problems",
                        "flip to hello-1",
                        "release to hello-1",
                        "drain of hello-2"),
                calls());
    }

    @Test
    public void aRollBackThatFailsLeavesBothAsTheyWere() throws Exception {
        pushed("1");
        pushed("2");
        framework.ways.put("1 live", Way.FAIL);
        refused(push("1"), "live is refused. 2 serves on; requests were held for 20 ms");
        assertEquals(Set.of("2"), framework.live);
        assertEquals("hello-2", dispatcher.liveGeneration("hello"));
        framework.ways.clear();
        pushed("1");
    }

    @Test
    public void aReleaseThatTakesNothingOverWaitsUntilThePredecessorHasClosed() throws Exception {
        pushed("1");
        framework.calls.clear();
        assertTrue(engine.swap(release("2", false)).get(20, TimeUnit.SECONDS).done());
        assertTrue(calls().toString(), calls().indexOf("1 notLive") < calls().indexOf("flip to hello-2"));
        assertTrue(calls().contains("hold"));
    }

    @Test
    public void whatCannotOpenIsRefused() throws Exception {
        pushed("1");
        framework.ways.put("2 live", Way.FAIL);
        refused(push("2"), "live is refused. 1 serves on; requests were held for 20 ms");
        assertAsBefore();
    }

    @Test
    public void whatIsNotReadyWithItIsRefused() throws Exception {
        pushed("1");
        framework.problemsWhenLive.put("2", List.of(new Problem(true, "the store failed to activate", "")));
        refused(push("2"), "the store failed to activate. 1 serves on");
        assertAsBefore();
    }

    @Test
    public void whatIsNotReadyInTimeIsRefused() throws Exception {
        pushed("1");
        framework.problemsWhenLive.put("2", List.of(new Problem(false, "the store is not active", "")));
        ready = SHORT;
        refused(push("2"), "not ready after 200 ms: the store is not active. 1 serves on");
        ready = LONG;
        assertAsBefore();
    }

    @Test
    public void whatHangsWhileItOpensIsRefused() throws Exception {
        pushed("1");
        framework.ways.put("2 live", Way.HANG);
        ready = SHORT;
        refused(push("2"), "opening hello 2 did not end within");
        ready = LONG;
        assertAsBefore();
    }

    @Test
    public void whoCannotCloseServesOn() throws Exception {
        pushed("1");
        framework.ways.put("1 notLive", Way.HANG);
        engine.apply(policy(SHORT));
        refused(push("2"), "closing hello 1 did not end within 200 ms");
        engine.apply(policy(LONG));
        assertAsBefore();
    }

    @Test
    public void whatIsInFlightForTooLongKeepsItOpen() throws Exception {
        pushed("1");
        framework.calls.clear();
        dispatcher.inFlight = CompletableFuture.completedFuture(2L);
        refused(push("2"), "2 requests in flight did not end within 10 s");
        assertFalse(calls().contains("1 notLive"));
        assertAsBefore();
    }

    @Test
    public void aConflictOfRoutesIsFoundWhenItIsOpenAndGoesBack() throws Exception {
        pushed("1");
        dispatcher.conflict = new RouteConflictException(Route.of("/a"), "other");
        refused(push("2"), "/a belongs to other already");
        assertAsBefore();
    }

    @Test
    public void whoCannotOpenAgainIsToldOf() throws Exception {
        pushed("1");
        framework.ways.put("2 live", Way.FAIL);
        framework.ways.put("1 live", Way.FAIL);
        refused(
                push("2"),
                "live is refused. 1 serves on without what it had open, because opening hello 1 again failed:");
        assertAsBefore();
    }

    @Test
    public void routesThatComeWithWhatIsOpenedAreWaitedForThen() throws Exception {
        for (String version : List.of("1", "2")) {
            framework.routes.put(version, Set.of(Route.of("/" + version), Route.of("/both")));
            framework.serveWhenLive.add(version);
        }
        pushed("1");
        ready = SHORT;
        refused(push("2"), "it has not the routes /1, which 1 serves. Push it with --drop-routes");
        ready = LONG;
        framework.routes.put("2", Set.of(Route.of("/*")));
        pushed("2");
        pushed("1");
    }

    @Test
    public void routesStayWhileRequestsWait() throws Exception {
        framework.routes.put("1", Set.of(Route.of("/a")));
        framework.routes.put("2", Set.of(Route.of("/a")));
        framework.serveWhenLive.add("1");
        pushed("1");
        framework.ways.put("2 live", Way.HANG);
        CompletableFuture<Outcome> push = engine.swap(release("2", true));
        Await.until("it opens", SOON, () -> framework.calls.contains("2 live"));
        assertEquals(1, dispatcher.all.get("hello-1").endpoints().size());
        framework.release.countDown();
        assertTrue(push.get(20, TimeUnit.SECONDS).done());
    }

    @Test
    public void whatIsQueuedMeanwhileFollows() throws Exception {
        pushed("1");
        CompletableFuture<Long> inFlight = new CompletableFuture<>();
        dispatcher.inFlight = inFlight;
        CompletableFuture<Outcome> second = engine.swap(release("2", true));
        Await.until("it waits", SOON, () -> framework.calls.contains("idle"));
        CompletableFuture<Outcome> third = engine.swap(release("3", true));
        CompletableFuture<Outcome> removal = engine.remove("hello");
        dispatcher.inFlight = CompletableFuture.completedFuture(0L);
        inFlight.complete(1L);
        refused(second.get(20, TimeUnit.SECONDS), "1 requests in flight did not end");
        assertTrue(third.get(20, TimeUnit.SECONDS).done());
        assertTrue(removal.get(20, TimeUnit.SECONDS).done());
        assertEquals(Set.of(), framework.live);
        assertEquals(Set.of(), dispatcher.held);
        assertEquals(List.of(), engine.units());
    }

    @Test
    public void aRemovalClosesWhenWhatIsInFlightHasEnded() throws Exception {
        pushed("1");
        framework.calls.clear();
        assertTrue(engine.remove("hello").get(20, TimeUnit.SECONDS).done());
        assertEquals(List.of("drain of hello-1", "1 notLive", "1 remove"), calls());
    }
}
