package com.espra.protoplex.parent.coordinate;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.api.swap.SwapEngine.SwapRecord;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapEvent.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** Swaps of a node, with children that refuse, die and come at every moment that matters. */
public class CoordinatorTest {

    private final World world = new World();

    private static Outcome outcome(CompletableFuture<Outcome> ended) {
        assertTrue("it has ended", ended.isDone());
        return ended.join();
    }

    private static void assertDone(CompletableFuture<Outcome> ended) {
        Outcome outcome = outcome(ended);
        assertTrue(outcome.reason(), outcome.done());
    }

    private static String refusal(CompletableFuture<Outcome> ended) {
        Outcome outcome = outcome(ended);
        assertFalse(outcome.done());
        return outcome.reason();
    }

    // What is decided

    @Test
    public void allSwapAndTheSlowestCounts() {
        FakeMember a = world.join("a");
        FakeMember b = world.join("b");
        b.flip = Duration.ofMillis(9);

        CompletableFuture<Outcome> ended = world.swap("hello", "1.0.0");

        assertDone(ended);
        assertEquals(Duration.ofMillis(9), outcome(ended).flip());
        assertEquals(List.of("hello 1.0.0"), a.asked);
        assertEquals(List.of("hello 1.0.0"), b.asked);
    }

    @Test
    public void itIsDecidedWhenAllHaveAnswered() {
        FakeMember a = world.join("a");
        FakeMember b = world.join(new FakeMember("b").patient());

        CompletableFuture<Outcome> ended = world.swap("hello", "1.0.0");

        assertEquals("1.0.0", a.version("hello"));
        assertFalse(ended.isDone());
        world.answer(b);
        assertDone(ended);
    }

    @Test
    public void aBuildThatIsNewHereIsTriedByOneFirst() {
        FakeMember a = world.join(new FakeMember("a").patient());
        FakeMember b = world.join("b");
        FakeMember c = world.join("c");

        CompletableFuture<Outcome> ended = world.tryOut("hello", "1.0.0");

        assertEquals(List.of("hello 1.0.0"), a.asked);
        assertEquals("before it has served elsewhere", List.of(), b.asked);
        world.answer(a);
        assertDone(ended);
        assertEquals(List.of("hello 1.0.0"), b.asked);
        assertEquals(
                "who comes later gets what is decided", "1.0.0", world.join("d").version("hello"));
        assertEquals(List.of("hello 1.0.0"), c.asked);
    }

    @Test
    public void whoStandsByIsNotTheFirstToTryABuild() {
        FakeMember standby = world.join("a");
        FakeMember serves = world.join(new FakeMember("b").patient());
        world.coordinator.serves("b");

        CompletableFuture<Outcome> ended = world.tryOut("hello", "1.0.0");

        assertEquals(List.of("hello 1.0.0"), serves.asked);
        assertEquals("before it has served elsewhere", List.of(), standby.asked);
        world.answer(serves);
        assertDone(ended);
        assertEquals(List.of("hello 1.0.0"), standby.asked);
    }

    @Test
    public void whatTheFirstRefusesNobodyElseTries() {
        FakeMember a = world.join("a");
        FakeMember b = world.join("b");
        world.swap("hello", "1.0.0");
        a.refuses.add("2.0.0");

        assertEquals("2.0.0 throws", refusal(world.tryOut("hello", "2.0.0")));

        assertEquals(List.of("hello 1.0.0"), b.asked);
        assertEquals("1.0.0", a.version("hello"));
    }

    @Test
    public void aChildThatDiesWhileItTriesABuildRefusesItForAll() {
        FakeMember a = world.join("a");
        FakeMember b = world.join("b");
        world.swap("hello", "1.0.0");
        a.patient();

        CompletableFuture<Outcome> ended = world.tryOut("hello", "2.0.0");
        world.die(a);

        assertTrue(refusal(ended).contains("end while they swap to it: a"));
        assertEquals("it never had it", List.of("hello 1.0.0"), b.asked);
        FakeMember next = world.join("a2");
        assertEquals(List.of("hello 1.0.0"), next.asked);
    }

    @Test
    public void aChildThatDiesSoonAfterItServesIsNotFollowed() {
        FakeMember a = world.join("a");
        FakeMember b = world.join(new FakeMember("b"));
        world.swap("hello", "1.0.0");
        b.patient();

        CompletableFuture<Outcome> ended = world.tryOut("hello", "2.0.0");
        assertEquals("2.0.0", a.version("hello"));
        world.die(a);
        world.answer(b);
        if (b.isBusy()) {
            world.answer(b);
        }

        assertTrue(refusal(ended).contains("end while they swap to it: a"));
        assertEquals("1.0.0", b.version("hello"));
    }

    @Test
    public void whatServesAlreadyIsNotAskedForAgain() {
        FakeMember a = world.join("a");
        world.swap("hello", "1.0.0");

        assertDone(world.swap("hello", "1.0.0"));

        assertEquals(1, a.asked.size());
        assertEquals("and is no swap", 1, world.coordinator.history().size());
    }

    @Test
    public void oneRefusesAndTheOthersGoBack() {
        FakeMember a = world.join("a");
        FakeMember b = world.join("b");
        world.swap("hello", "1.0.0");
        b.refuses.add("2.0.0");

        CompletableFuture<Outcome> ended = world.swap("hello", "2.0.0");

        assertEquals("b: 2.0.0 throws", refusal(ended));
        assertEquals(Step.START, outcome(ended).failedAt());
        assertEquals(List.of("hello 1.0.0", "hello 2.0.0", "hello 1.0.0"), a.asked);
        assertEquals(List.of("hello 1.0.0", "hello 2.0.0"), b.asked);
        assertEquals("1.0.0", a.version("hello"));
    }

    @Test
    public void aRefusalIsToldWhenAllAreBack() {
        FakeMember a = world.join(new FakeMember("a").patient());
        FakeMember b = world.join("b");
        CompletableFuture<Outcome> first = world.swap("hello", "1.0.0");
        world.answer(a);
        assertDone(first);
        b.refuses.add("2.0.0");

        CompletableFuture<Outcome> ended = world.swap("hello", "2.0.0");
        assertFalse("a has not answered", ended.isDone());
        world.answer(a);
        assertFalse("a is not back", ended.isDone());
        world.answer(a);

        assertEquals("b: 2.0.0 throws", refusal(ended));
        assertEquals("1.0.0", a.version("hello"));
    }

    @Test
    public void nothingServedBeforeSoItIsRemoved() {
        FakeMember a = world.join("a");
        FakeMember b = world.join("b");
        b.refuses.add("1.0.0");

        refusal(world.swap("hello", "1.0.0"));

        assertEquals(List.of("hello 1.0.0", "hello remove"), a.asked);
        assertEquals("", a.version("hello"));
        assertEquals(List.of(), world.coordinator.units());
    }

    @Test
    public void whenAllRefuseTheReasonIsEverybodys() {
        world.join("a").refuses.add("1.0.0");
        world.join("b").refuses.add("1.0.0");

        assertEquals("1.0.0 throws", refusal(world.swap("hello", "1.0.0")));
    }

    @Test
    public void whatWasRefusedCanBeTriedAgain() {
        FakeMember a = world.join("a");
        a.refuses.add("1.0.0");
        refusal(world.swap("hello", "1.0.0"));
        a.refuses.clear();

        assertDone(world.swap("hello", "1.0.0"));
    }

    @Test
    public void whoCannotGoBackIsReplaced() {
        FakeMember a = world.join("a");
        FakeMember b = world.join("b");
        world.swap("hello", "1.0.0");
        b.refuses.add("2.0.0");
        a.refuses.add("1.0.0");

        String reason = refusal(world.swap("hello", "2.0.0"));

        assertEquals("b: 2.0.0 throws. a could not go back to what served before, and is replaced", reason);
        assertEquals(1, a.replaced.size());
        assertEquals(List.of(), b.replaced);
        FakeMember successor = world.join("a2");
        assertEquals(List.of("hello 1.0.0"), successor.asked);
        assertDone(world.swap("hello", "3.0.0"));
        assertEquals("a is not counted on any more", "2.0.0", a.version("hello"));
    }

    // Queues

    @Test
    public void swapsOfOneUnitComeOneAfterTheOther() {
        FakeMember a = world.join(new FakeMember("a").patient());

        CompletableFuture<Outcome> first = world.swap("hello", "1.0.0");
        CompletableFuture<Outcome> second = world.swap("hello", "2.0.0");
        CompletableFuture<Outcome> other = world.swap("other", "1.0.0");

        assertEquals("another unit does not wait", List.of("hello 1.0.0", "other 1.0.0"), a.asked);
        world.answer(a);
        assertDone(first);
        assertFalse(second.isDone());
        world.answer(a);
        assertDone(other);
        world.answer(a);
        assertDone(second);
        assertEquals("2.0.0", a.version("hello"));
    }

    @Test
    public void tooManyCallsAreRefused() {
        world.join(new FakeMember("a").patient());
        List<CompletableFuture<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < 66; i++) {
            calls.add(world.swap("hello", "1." + i));
        }

        assertTrue(refusal(calls.get(65)).contains("64 calls for hello are waiting"));
        assertEquals(1, calls.stream().filter(CompletableFuture::isDone).count());
    }

    // Deaths

    @Test
    public void oneThatDiesIsNoRefusal() {
        FakeMember a = world.join("a");
        FakeMember b = world.join(new FakeMember("b").patient());
        CompletableFuture<Outcome> ended = world.swap("hello", "1.0.0");

        world.die(b);

        assertDone(ended);
        assertEquals("1.0.0", a.version("hello"));
        assertEquals("its successor gets it", "1.0.0", world.join("b2").version("hello"));
    }

    @Test
    public void oneThatDoesNotAnswerIsReplaced() {
        FakeMember a = world.join("a");
        FakeMember b = world.join(new FakeMember("b").patient());
        CompletableFuture<Outcome> ended = world.swap("hello", "1.0.0");

        b.die();
        world.run();

        assertDone(ended);
        assertEquals("1.0.0", a.version("hello"));
        assertEquals(List.of("it did not answer: b is gone"), b.replaced);
    }

    @Test
    public void oneThatDiesAfterItsRefusalDoesNotCount() {
        FakeMember a = world.join(new FakeMember("a").patient());
        FakeMember b = world.join("b");
        b.refuses.add("1.0.0");
        CompletableFuture<Outcome> ended = world.swap("hello", "1.0.0");

        world.die(b);
        world.answer(a);

        assertDone(ended);
    }

    @Test
    public void oneThatDiesOnItsWayBackHoldsNothingUp() {
        FakeMember a = world.join(new FakeMember("a").patient());
        FakeMember b = world.join("b");
        b.refuses.add("1.0.0");
        CompletableFuture<Outcome> ended = world.swap("hello", "1.0.0");
        world.answer(a);
        assertFalse(ended.isDone());

        world.die(a);

        assertEquals("b: 1.0.0 throws", refusal(ended));
    }

    @Test
    public void whenAllDieTheirSuccessorsDecide() {
        FakeMember a = world.join("a");
        FakeMember b = world.join("b");
        world.swap("hello", "1.0.0");
        a.patient();
        b.patient();
        CompletableFuture<Outcome> ended = world.swap("hello", "2.0.0");
        world.die(a);
        world.die(b);
        assertFalse(ended.isDone());

        FakeMember successor = world.join("a2");

        assertEquals("what serves first", List.of("hello 1.0.0", "hello 2.0.0"), successor.asked);
        assertDone(ended);
        FakeMember second = world.join("b2");
        assertEquals(List.of("hello 2.0.0"), second.asked);
    }

    @Test
    public void whenAllDieAndNobodyComesItIsRefused() {
        FakeMember a = world.join(new FakeMember("a").patient());
        CompletableFuture<Outcome> ended = world.swap("hello", "1.0.0");
        world.die(a);
        assertEquals(Duration.ofSeconds(90), world.alarms.getFirst().delay());

        world.timeIsOver();

        assertTrue(refusal(ended).startsWith("no child of this node has taken it in time"));
        FakeMember late = world.join("late");
        assertEquals(List.of(), late.asked);
    }

    @Test
    public void whoIsTryingWhenTimeIsOverMayGoOn() {
        CompletableFuture<Outcome> ended = world.swap("hello", "1.0.0");
        FakeMember a = world.join(new FakeMember("a").patient());

        world.timeIsOver();

        assertFalse(ended.isDone());
        world.answer(a);
        assertDone(ended);
    }

    @Test
    public void butNobodyIsWaitedForAfterThat() {
        CompletableFuture<Outcome> ended = world.swap("hello", "1.0.0");
        FakeMember a = world.join(new FakeMember("a").patient());
        world.timeIsOver();

        world.die(a);

        refusal(ended);
    }

    @Test
    public void aReleaseThatKillsWhoeverTakesItIsRefused() {
        FakeMember a = world.join("a");
        FakeMember b = world.join("b");
        world.swap("hello", "1.0.0");
        a.patient();
        b.patient();
        CompletableFuture<Outcome> ended = world.swap("hello", "2.0.0");
        world.die(a);
        world.die(b);
        FakeMember third = new FakeMember("a2").patient();
        world.join(third);
        world.answer(third);
        assertEquals(List.of("hello 1.0.0", "hello 2.0.0"), third.asked);

        world.die(third);

        String reason = refusal(ended);
        assertTrue(reason, reason.startsWith("children end while they swap to it: a, b, a2."));
        assertEquals(List.of("hello 1.0.0"), world.join("a3").asked);
        assertEquals("no alarm is left", List.of(), world.alarms);
    }

    // Joins

    @Test
    public void aReleaseThatEndsWhoeverHasItDoesNotStandInTheWayOfTheNext() {
        FakeMember a = world.join("a");
        world.swap("hello", "1.0.0");
        a.patient();
        CompletableFuture<Outcome> ended = world.swap("hello", "2.0.0");
        world.die(a);
        FakeMember second = world.join(new FakeMember("a2").patient());
        assertEquals("it may have been the new one", List.of("hello 1.0.0"), second.asked);
        world.die(second);

        FakeMember third = world.join("a3");
        FakeMember other = world.join("b");

        assertEquals("it was not", List.of("hello 2.0.0"), third.asked);
        assertEquals(List.of("hello 2.0.0"), other.asked);
        assertDone(ended);
    }

    @Test
    public void aSwapThatBeginsWithoutChildrenIsWhatTheNextOneGets() {
        FakeMember a = world.join("a");
        world.swap("hello", "1.0.0");
        world.die(a);
        CompletableFuture<Outcome> ended = world.swap("hello", "2.0.0");
        FakeMember next = new FakeMember("a2");
        next.refuses.add("2.0.0");

        world.join(next);

        refusal(ended);
        assertEquals("and what served, if it refuses", List.of("hello 2.0.0", "hello 1.0.0"), next.asked);
    }

    @Test
    public void aSwapWaitsForTheFirstChild() {
        CompletableFuture<Outcome> ended = world.swap("hello", "1.0.0");
        assertFalse(ended.isDone());

        FakeMember a = world.join("a");

        assertDone(ended);
        assertEquals("1.0.0", a.version("hello"));
        assertEquals("no alarm rings for nothing later", 1, world.alarms.size());
        world.timeIsOver();
        assertEquals("1.0.0", a.version("hello"));
    }

    @Test
    public void atTheStartAllChildrenDecide() {
        CompletableFuture<Outcome> ended = world.swap("hello", "1.0.0");
        FakeMember a = world.join(new FakeMember("a").patient());
        FakeMember b = world.join("b");
        assertEquals("b does not wait for a", "1.0.0", b.version("hello"));
        assertFalse(ended.isDone());

        world.answer(a);

        assertDone(ended);
    }

    @Test
    public void whoComesDuringASwapGetsWhatIsDecided() {
        FakeMember a = world.join("a");
        world.swap("hello", "1.0.0");
        a.patient();
        CompletableFuture<Outcome> ended = world.swap("hello", "2.0.0");

        FakeMember late = world.join("late");
        assertEquals(List.of("hello 1.0.0"), late.asked);
        world.answer(a);

        assertDone(ended);
        assertEquals(List.of("hello 1.0.0", "hello 2.0.0"), late.asked);
    }

    @Test
    public void whoComesDuringASwapThatIsRefusedKeepsWhatServes() {
        FakeMember a = world.join("a");
        world.swap("hello", "1.0.0");
        a.patient();
        a.refuses.add("2.0.0");
        CompletableFuture<Outcome> ended = world.swap("hello", "2.0.0");
        FakeMember late = world.join("late");

        world.answer(a);

        refusal(ended);
        assertEquals(List.of("hello 1.0.0"), late.asked);
    }

    @Test
    public void whoComesLateAndRefusesServesWithoutIt() {
        world.join("a");
        world.swap("hello", "1.0.0");
        world.swap("other", "1.0.0");
        world.restored();
        FakeMember late = new FakeMember("late");
        late.refuses.add("1.0.0");

        world.join(late);

        assertTrue(late.restored);
        assertEquals(List.of("hello 1.0.0", "other 1.0.0"), late.asked);
        late.refuses.clear();
        assertDone(world.swap("hello", "1.1.0"));
        assertEquals("it takes part in what comes", "1.1.0", late.version("hello"));
    }

    @Test
    public void aChildIsToldToServeWhenItHasEverythingAndTheNodeIsRestored() {
        FakeMember a = world.join(new FakeMember("a").patient());
        world.swap("hello", "1.0.0");
        world.restored();
        assertFalse("it has not everything", a.restored);
        world.answer(a);
        assertTrue(a.restored);

        FakeMember late = world.join(new FakeMember("late").patient());
        assertFalse(late.restored);
        world.answer(late);
        assertTrue(late.restored);
    }

    @Test
    public void noChildIsToldToServeBeforeTheNodeIsRestored() {
        FakeMember a = world.join("a");
        world.swap("hello", "1.0.0");
        assertFalse(a.restored);

        world.restored();

        assertTrue(a.restored);
    }

    @Test
    public void anotherLifeOfAChildStartsFromNothing() {
        world.join("a");
        world.swap("hello", "1.0.0");

        FakeMember again = world.join("a");

        assertEquals(List.of("hello 1.0.0"), again.asked);
    }

    // Removals

    @Test
    public void aUnitIsRemovedEverywhere() {
        FakeMember a = world.join("a");
        FakeMember b = world.join(new FakeMember("b"));
        world.swap("hello", "1.0.0");
        b.patient();

        CompletableFuture<Outcome> ended = world.remove("hello");
        assertFalse(ended.isDone());
        world.answer(b);

        assertDone(ended);
        assertEquals("", a.version("hello"));
        assertEquals(List.of(), world.join("c").asked);
        assertEquals(List.of(), world.coordinator.units());
    }

    @Test
    public void whatHangsInARemovalIsTold() {
        FakeMember a = world.join("a");
        world.join("b");
        world.swap("hello", "1.0.0");
        a.removesBadly = true;

        assertEquals("a: it hangs", refusal(world.remove("hello")));

        assertEquals("it is gone all the same", List.of(), world.join("c").asked);
    }

    @Test
    public void withoutChildrenThereIsNothingToRemove() {
        assertDone(world.remove("hello"));
    }

    @Test
    public void whoComesDuringARemovalGetsNothing() {
        FakeMember a = world.join("a");
        world.swap("hello", "1.0.0");
        a.patient();
        CompletableFuture<Outcome> ended = world.remove("hello");

        FakeMember late = world.join("late");
        world.answer(a);

        assertDone(ended);
        assertEquals(List.of(), late.asked);
    }

    // The picture

    @Test
    public void unitsAreSums() {
        world.join("a");
        world.join("b");
        world.swap("hello", "1.0.0");

        UnitStatus unit = world.coordinator.units().getFirst();
        GenerationStatus generation = unit.generations().getFirst();
        assertEquals(2, generation.inFlight());
        assertEquals(20, generation.served());
        assertEquals(Phase.LIVE, generation.phase());
        assertEquals(generation.id(), unit.live());
        assertEquals(List.of("/hello"), generation.routes());
    }

    @Test
    public void whileItIsTriedTheOldOneIsLive() {
        world.join("a");
        FakeMember b = world.join("b");
        world.swap("hello", "1.0.0");
        b.patient();

        world.swap("hello", "2.0.0");

        List<GenerationStatus> generations =
                world.coordinator.units().getFirst().generations();
        assertEquals(
                List.of("2.0.0 STARTING", "1.0.0 LIVE"),
                generations.stream()
                        .map(each -> each.version() + " " + each.phase())
                        .toList());
        assertEquals("hello-1", world.coordinator.units().getFirst().live());
        world.answer(b);
        assertEquals("hello-2", world.coordinator.units().getFirst().live());
    }

    @Test
    public void generationsHaveOneNameInAllChildren() {
        FakeMember a = world.join("a");
        world.swap("hello", "1.0.0");
        world.swap("hello", "2.0.0");
        FakeMember late = world.join("late");
        world.coordinator.look();
        world.run();

        assertEquals("hello-2", world.coordinator.units().getFirst().live());
        assertEquals(1, world.coordinator.units().getFirst().generations().size());
        assertEquals(2, a.asked.size());
        assertEquals(1, late.asked.size());
    }

    @Test
    public void whoIsGoneIsNotInThePicture() {
        FakeMember a = world.join("a");
        world.swap("hello", "1.0.0");

        world.die(a);

        assertEquals(List.of(), world.coordinator.units());
    }

    // Steps

    private void tell(String member, String version, Step step, State state) {
        world.coordinator.hear(
                member,
                new SwapEvent(
                        Instant.EPOCH,
                        "hello",
                        version,
                        member + "-generation",
                        step,
                        state,
                        state == State.FAILED ? "it throws" : "",
                        Duration.ofMillis(member.length())));
        world.run();
    }

    private List<String> told() {
        return world.told.stream()
                .map(event -> event.version() + " " + event.step() + " " + event.state()
                        + (event.detail().isEmpty() ? "" : " " + event.detail()))
                .toList();
    }

    @Test
    public void eachStepIsToldOnceAndTheLastChildCounts() {
        FakeMember a = world.join(new FakeMember("a").patient());
        FakeMember bb = world.join(new FakeMember("bb").patient());
        world.swap("hello", "1.0.0");

        tell("a", "1.0.0", Step.START, State.BEGUN);
        tell("bb", "1.0.0", Step.START, State.BEGUN);
        tell("a", "1.0.0", Step.START, State.DONE);
        assertEquals(List.of("1.0.0 START BEGUN"), told());
        tell("bb", "1.0.0", Step.START, State.DONE);

        assertEquals(List.of("1.0.0 START BEGUN", "1.0.0 START DONE"), told());
        SwapEvent done = world.told.getLast();
        assertEquals(Duration.ofMillis(2), done.elapsed());
        assertEquals("the node's own name", "hello-1", done.generation());
        world.answer(a);
        world.answer(bb);
        assertEquals(2, world.coordinator.history().getFirst().events().size());
    }

    @Test
    public void whatFollowsAFlipIsToldWhenItIsDecided() {
        FakeMember a = world.join("a");
        FakeMember b = world.join("b");
        world.swap("hello", "1.0.0");
        b.patient();
        world.swap("hello", "2.0.0");

        tell("a", "2.0.0", Step.FLIP, State.DONE);
        tell("a", "1.0.0", Step.DRAIN, State.BEGUN);
        assertEquals(List.of(), told());
        tell("b", "2.0.0", Step.FLIP, State.DONE);
        tell("a", "1.0.0", Step.DRAIN, State.DONE);
        assertEquals(List.of("2.0.0 FLIP DONE"), told());
        world.answer(b);
        tell("b", "1.0.0", Step.DRAIN, State.BEGUN);
        tell("b", "1.0.0", Step.DRAIN, State.DONE);

        assertEquals(List.of("2.0.0 FLIP DONE", "1.0.0 DRAIN BEGUN", "1.0.0 DRAIN DONE"), told());
        assertEquals(2, a.asked.size());
    }

    @Test
    public void aFailureIsToldOnceAndTheWayBackIsNot() {
        world.join("a");
        FakeMember b = world.join("b");
        world.swap("hello", "1.0.0");
        b.patient();
        b.refuses.add("2.0.0");
        world.swap("hello", "2.0.0");

        tell("a", "2.0.0", Step.FLIP, State.DONE);
        tell("a", "1.0.0", Step.DRAIN, State.BEGUN);
        tell("b", "2.0.0", Step.START, State.FAILED);
        tell("b", "2.0.0", Step.REMOVE, State.DONE);
        world.answer(b);
        tell("a", "1.0.0", Step.FLIP, State.DONE);
        tell("a", "2.0.0", Step.DRAIN, State.BEGUN);

        assertEquals(List.of("2.0.0 START FAILED b: it throws"), told());
    }

    @Test
    public void whoDiesIsNotWaitedForByAStep() {
        FakeMember a = world.join(new FakeMember("a").patient());
        FakeMember b = world.join(new FakeMember("b").patient());
        world.swap("hello", "1.0.0");
        tell("a", "1.0.0", Step.START, State.DONE);
        assertEquals(List.of(), told());

        world.die(b);

        assertEquals(List.of("1.0.0 START DONE"), told());
        world.answer(a);
    }

    @Test
    public void whoComesLateTellsNothing() {
        world.join("a");
        world.swap("hello", "1.0.0");
        world.join("late");

        tell("late", "1.0.0", Step.FLIP, State.DONE);

        assertEquals(List.of(), told());
    }

    // The journal

    @Test
    public void theHistoryHasEachSwapOnceWithWhatCameBefore() {
        FakeMember a = world.join("a");
        world.coordinator.announce(
                new SwapEvent(Instant.EPOCH, "hello", "1.0.0", "", Step.FETCH, State.DONE, "", Duration.ZERO));
        world.swap("hello", "1.0.0");
        a.refuses.add("2.0.0");
        world.swap("hello", "2.0.0");
        world.remove("hello");

        List<SwapRecord> history = world.coordinator.history();
        assertEquals(
                List.of("1.0.0 >  true", "1.0.0 > 2.0.0 false", " > 1.0.0 true"),
                history.stream()
                        .map(swap -> swap.from() + " > " + swap.to() + " "
                                + swap.outcome().done())
                        .toList());
        assertEquals(Step.FETCH, history.getLast().events().getFirst().step());
        assertEquals(List.of("1.0.0 FETCH DONE"), told());
    }
}
