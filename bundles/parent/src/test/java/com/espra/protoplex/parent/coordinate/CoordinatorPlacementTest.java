package com.espra.protoplex.parent.coordinate;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** Units that are placed in one process, beside those that are in each that serves. */
public class CoordinatorPlacementTest {

    private final World world = new World();

    private static Outcome outcome(CompletableFuture<Outcome> ended) {
        assertTrue("it has not ended", ended.isDone());
        return ended.join();
    }

    private static void assertDone(CompletableFuture<Outcome> ended) {
        assertTrue(outcome(ended).reason(), outcome(ended).done());
    }

    @Test
    public void eachUnitIsInTheProcessesThatItIsFor() {
        FakeMember serving = world.join("a");
        FakeMember one = world.joinOne("one");

        assertDone(world.swap("hello", "1.0.0"));
        assertDone(world.swapInOne("counter", "1.0.0"));

        assertEquals(List.of("hello 1.0.0"), serving.asked);
        assertEquals(List.of("counter 1.0.0"), one.asked);
        assertEquals(2, world.coordinator.units().size());
    }

    @Test
    public void theProcessIsAskedForWhenAUnitNeedsIt() {
        world.join("a");
        world.restored();
        assertEquals("nothing needs it", List.of(false), world.needed);

        CompletableFuture<Outcome> ended = world.swapInOne("counter", "1.0.0");
        assertEquals(List.of(false, true), world.needed);
        assertFalse("it waits for the process", ended.isDone());
        FakeMember one = world.joinOne("one");
        assertDone(ended);
        assertDone(world.swapInOne("index", "1.0.0"));

        world.remove("counter");
        assertEquals("another one needs it", List.of(false, true), world.needed);
        world.remove("index");
        assertEquals(List.of(false, true, false), world.needed);
        assertEquals("after both were removed", "index remove", one.asked.getLast());
    }

    /** At a start it is there already, and what needs it comes later. */
    @Test
    public void nothingIsToldOfItBeforeTheNodeKnows() {
        world.joinOne("one");
        world.swap("hello", "1.0.0");
        assertEquals(List.of(), world.needed);
        world.restored();
        assertEquals(List.of(false), world.needed);
    }

    /** All children are of one distribution, so that one of them can tell for all; rather one that the unit is for. */
    @Test
    public void oneChildLooksWhetherAReleaseCouldBeInstalled() {
        assertTrue("nobody is there", world.check("hello", "1.0.0").isCompletedExceptionally());
        FakeMember serving = world.join("a");
        serving.refuses.add("1.0.1");
        FakeMember one = world.joinOne("one");

        assertEquals("", world.check("hello", "1.0.0").join());
        assertEquals("1.0.1 needs a package", world.check("hello", "1.0.1").join());

        assertEquals(List.of("hello 1.0.0 check", "hello 1.0.1 check"), serving.asked);
        assertEquals("one is enough", List.of(), one.asked);
        world.die(serving);
        assertEquals("", world.check("hello", "1.0.0").join());
        assertEquals("nothing is of the node for that", List.of(), world.coordinator.units());
    }

    @Test
    public void aChildThatEndsWhileItLooksCannotTell() {
        FakeMember serving = world.join(new FakeMember("a").patient());
        CompletableFuture<String> asked = world.check("hello", "1.0.0");
        assertFalse(asked.isDone());
        world.die(serving);
        assertTrue(asked.isCompletedExceptionally());
    }

    @Test
    public void withoutTheProcessItIsRefusedInTheEnd() {
        world.join("a");
        CompletableFuture<Outcome> ended = world.swapInOne("counter", "1.0.0");
        world.timeIsOver();
        assertTrue(outcome(ended).reason(), outcome(ended).reason().contains("no child of this node has taken it"));
        world.restored();
        assertEquals("it is not needed any more", List.of(true, false), world.needed);
    }

    @Test
    public void whatFollowsACrashGetsWhatIsDecided() {
        FakeMember serving = world.join("a");
        FakeMember one = world.joinOne("one");
        world.restored();
        world.swapInOne("counter", "1.0.0");
        world.swap("hello", "1.0.0");

        world.die(one);
        FakeMember next = world.joinOne("one2");

        assertEquals(List.of("counter 1.0.0"), next.asked);
        assertTrue("it has all that it should", next.restored);
        assertEquals("nobody else is touched", List.of("hello 1.0.0"), serving.asked);
        assertEquals("it is needed all the time", List.of(false, true), world.needed);
    }

    @Test
    public void aChildServesWhenItHasWhatIsForIt() {
        FakeMember one = world.join(new FakeMember("one").one().patient());
        world.swapInOne("counter", "1.0.0");
        FakeMember serving = world.join("a");
        world.restored();
        assertTrue("what is in the other process is not for it", serving.restored);
        assertFalse(one.restored);
        world.answer(one);
        assertTrue(one.restored);
    }

    @Test
    public void aRefusalGoesBackInTheOneProcess() {
        world.join("a");
        FakeMember one = world.joinOne("one");
        world.swapInOne("counter", "1.0.0");
        one.refuses.add("2.0.0");

        Outcome refused = outcome(world.swapInOne("counter", "2.0.0"));

        assertFalse(refused.done());
        assertEquals("2.0.0 throws", refused.reason());
        assertEquals("1.0.0", one.version("counter"));
    }

    @Test
    public void aBuildThatIsNewHereIsTriedThere() {
        world.join("a");
        FakeMember one = world.join(new FakeMember("one").one().patient());
        CompletableFuture<Outcome> ended = world.coordinator.swap(World.inOne("counter", "1.0.0", false));
        world.run();
        world.die(one);
        assertTrue(outcome(ended).reason(), outcome(ended).reason().contains("end while they swap to it: one"));
        assertEquals(List.of(), world.joinOne("one2").asked);
    }

    /** The next version says another placement: it serves in its new place before it goes from the old one. */
    @Test
    public void aUnitMovesFromEachToOneAndBack() {
        FakeMember a = world.join("a");
        FakeMember b = world.join("b");
        FakeMember one = world.join(new FakeMember("one").one().patient());
        world.swap("counter", "1.0.0");

        CompletableFuture<Outcome> moved = world.swapInOne("counter", "2.0.0");
        assertEquals("not before it is decided", "1.0.0", a.version("counter"));
        world.answer(one);
        assertDone(moved);
        assertEquals(List.of("counter 1.0.0", "counter remove"), a.asked);
        assertEquals(List.of("counter 1.0.0", "counter remove"), b.asked);
        assertEquals(List.of("counter 2.0.0"), one.asked);

        one.patient = false;
        assertDone(world.swap("counter", "3.0.0"));
        assertEquals("3.0.0", a.version("counter"));
        assertEquals("", one.version("counter"));
        assertEquals("3.0.0", world.join("c").version("counter"));
    }

    @Test
    public void aMoveThatIsRefusedLeavesItWhereItIs() {
        FakeMember a = world.join("a");
        FakeMember one = world.joinOne("one");
        one.refuses.add("2.0.0");
        world.swap("counter", "1.0.0");

        assertFalse(outcome(world.swapInOne("counter", "2.0.0")).done());

        assertEquals("1.0.0", a.version("counter"));
        assertEquals("", one.version("counter"));
        world.restored();
        assertEquals(List.of(true, false), world.needed);
    }

    /** One that serves, is told to let go of a unit that has moved, and has not done so yet. */
    private FakeMember onItsWayOut() {
        FakeMember a = world.join("a");
        world.swap("counter", "1.0.0");
        a.patient();
        world.joinOne("one");
        assertDone(world.swapInOne("counter", "2.0.0"));
        assertTrue("it lets go", a.isBusy());
        return a;
    }

    @Test
    public void whoIsOnItsWayOutDoesNotServeAlready() {
        FakeMember a = onItsWayOut();

        CompletableFuture<Outcome> back = world.swap("counter", "1.0.0");
        assertFalse("it has it still, and not for long", back.isDone());
        world.answer(a);
        world.answer(a);

        assertDone(back);
        assertEquals(List.of("counter 1.0.0", "counter remove", "counter 1.0.0"), a.asked);
    }

    @Test
    public void whoCameLateVotesWhenAllWhoWereThereAreGone() {
        FakeMember a = onItsWayOut();

        CompletableFuture<Outcome> next = world.swap("counter", "3.0.0");
        FakeMember b = world.join("b");
        assertEquals("it gets what is decided", List.of(), b.asked);
        world.die(a);

        assertDone(next);
        assertEquals("3.0.0", b.version("counter"));
    }

    @Test
    public void whoWasToTryItFirstAndDiesBeforeItDoesIsFollowed() {
        FakeMember a = onItsWayOut();
        FakeMember b = world.join("b");

        CompletableFuture<Outcome> next = world.tryOut("counter", "3.0.0");
        assertEquals(List.of(), b.asked);
        world.die(a);

        assertDone(next);
        assertEquals("3.0.0", b.version("counter"));
    }
}
