package com.espra.protoplex.agent.reconcile;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

public class ReconcilerTest {

    private final FakeNode node = new FakeNode();
    private Reconciler reconciler = node.start();

    private void desire(long sequence, Map<String, String> units) throws IOException {
        reconciler.desire(new LinkFrame.Desired("f", sequence, 0, units, ""));
    }

    private void restart() {
        node.kill();
        reconciler = node.start();
        CompletableFuture<Map<String, String>> restored = reconciler.restore();
        node.endAll();
        assertTrue("restored", restored.isDone());
    }

    @Test
    public void aDesiredBuildServesAndIsReported() throws Exception {
        desire(1, Map.of("hello", "v1"));
        assertEquals("accepted before it is moved to", 1, node.disk.sequence());
        assertEquals("v1", node.pending.get("hello").digest());

        node.end("hello");

        assertEquals(Map.of("hello", "v1"), node.serving);
        assertEquals(new LinkFrame.Result(1, "hello", "v1", true, "", 5000), node.lastResult());
        assertEquals("v1", node.disk.units().get("hello").good());
    }

    @Test
    public void theSeedOfAnotherFleetIsNotHeard() throws Exception {
        desire(1, Map.of("hello", "v1"));
        node.endAll();

        IOException refused = assertThrows(
                IOException.class, () -> reconciler.desire(new LinkFrame.Desired("g", 9, 0, Map.of("mine", "m1"), "")));

        assertTrue(refused.getMessage(), refused.getMessage().contains("fleet 'g'"));
        assertEquals(Map.of("hello", "v1"), node.serving);
        assertEquals(1, node.disk.sequence());
    }

    @Test
    public void whatWasAcceptedIsGivenBackAsItCame() throws Exception {
        LinkFrame.Desired said = new LinkFrame.Desired("f", 4, 77, Map.of("hello", "v1"), "sealed");
        reconciler.desire(said);
        node.endAll();
        restart();

        assertEquals(said, reconciler.accepted());
    }

    @Test
    public void aFailedBuildIsReportedAndNotTriedAgain() throws Exception {
        node.bad.add("v2");
        desire(1, Map.of("hello", "v1"));
        node.endAll();
        desire(2, Map.of("hello", "v2"));
        node.endAll();

        assertFalse(node.lastResult().done());
        assertEquals("it throws", node.lastResult().reason());
        assertEquals(Map.of("hello", "v1"), node.serving);

        desire(2, Map.of("hello", "v2"));
        desire(3, Map.of("hello", "v2", "other", "o1"));

        assertFalse("tried again", node.pending.containsKey("hello"));
        assertEquals(
                "told again, for the new sequence",
                List.of(3L),
                node.results.stream()
                        .filter(result -> result.sequence() == 3 && !result.done())
                        .map(LinkFrame.Result::sequence)
                        .toList());
    }

    @Test
    public void aFailedBuildIsTriedAgainWhenTheDesireChangedInBetween() throws Exception {
        node.bad.add("v2");
        desire(1, Map.of("hello", "v1"));
        node.endAll();
        desire(2, Map.of("hello", "v2"));
        node.endAll();
        desire(3, Map.of("hello", "v1"));
        assertTrue("back at what serves: nothing to do", node.pending.isEmpty());
        node.bad.clear();

        desire(4, Map.of("hello", "v2"));
        node.endAll();

        assertEquals(Map.of("hello", "v2"), node.serving);
    }

    @Test
    public void aFailedBuildIsTriedAgainAfterARestart() throws Exception {
        node.bad.add("v2");
        desire(1, Map.of("hello", "v1"));
        node.endAll();
        desire(2, Map.of("hello", "v2"));
        node.endAll();

        restart();
        assertEquals("the good one came up", Map.of("hello", "v1"), node.serving);
        desire(2, Map.of("hello", "v2"));

        assertEquals("v2", node.pending.get("hello").digest());
    }

    @Test
    public void whatTheSeedDidNotGiveIsAskedForAgainWhenItSpeaks() throws Exception {
        node.seedUnreachable = true;
        desire(1, Map.of("hello", "v1"));
        node.end("hello");
        assertFalse(node.lastResult().done());
        assertTrue("not by itself", node.pending.isEmpty());
        node.seedUnreachable = false;

        desire(1, Map.of("hello", "v1"));
        node.end("hello");

        assertTrue(node.lastResult().done());
    }

    @Test
    public void anOlderSequenceIsRefusedAlsoAfterARestart() throws Exception {
        desire(5, Map.of("hello", "v2"));
        node.endAll();
        desire(4, Map.of("hello", "v1"));
        assertTrue(node.pending.isEmpty());

        restart();
        desire(4, Map.of());
        desire(5, Map.of());

        assertTrue("neither an older one nor another of the same number", node.pending.isEmpty());
        assertEquals(5, reconciler.sequence());
        assertEquals(Map.of("hello", "v2"), node.serving);
    }

    @Test
    public void theNewestDesireWins() throws Exception {
        desire(1, Map.of("hello", "v1"));
        desire(2, Map.of("hello", "v2"));
        desire(3, Map.of("hello", "v3"));
        assertEquals("one at a time", Set.of("hello"), node.pending.keySet());
        assertTrue("the fetch is given up", node.cancelled.contains("hello"));

        node.end("hello");

        assertEquals("v3", node.pending.get("hello").digest());
        node.cancelled.clear();
        node.end("hello");
        assertEquals(Map.of("hello", "v3"), node.serving);
        assertEquals(new LinkFrame.Result(3, "hello", "v3", true, "", 5000), node.lastResult());
    }

    @Test
    public void aMoveThatWasGivenUpIsMadeWhenItIsDesiredAfterAll() throws Exception {
        desire(1, Map.of("hello", "v1"));
        desire(2, Map.of("hello", "v2"));
        desire(3, Map.of("hello", "v1"));

        node.end("hello");
        assertEquals("v1", node.pending.get("hello").digest());
        node.cancelled.clear();
        node.end("hello");

        assertEquals(Map.of("hello", "v1"), node.serving);
    }

    @Test
    public void onlyADesiredStateRemovesAUnit() throws Exception {
        desire(1, Map.of("hello", "v1", "other", "o1"));
        node.endAll();

        desire(2, Map.of("other", "o1"));
        node.endAll();

        assertEquals(Map.of("other", "o1"), node.serving);
        assertTrue(node.results.contains(new LinkFrame.Result(2, "hello", "", true, "", 5000)));
        restart();
        assertEquals(Map.of("other", "o1"), node.serving);
    }

    @Test
    public void whatServesIsReportedAgainForANewSequence() throws Exception {
        desire(1, Map.of("hello", "v1"));
        node.endAll();
        node.results.clear();

        desire(2, Map.of("hello", "v1"));

        assertEquals(List.of(new LinkFrame.Result(2, "hello", "v1", true, "", 5000)), node.results);
        assertEquals(node.results, reconciler.results());
    }

    @Test
    public void unitsComeUpAtOnceAndOneThatFailsGetsTheBuildBefore() throws Exception {
        desire(1, Map.of("hello", "v1", "other", "o1"));
        node.endAll();
        desire(2, Map.of("hello", "v2", "other", "o1"));
        node.endAll();
        node.kill();
        node.bad.add("v2");

        reconciler = node.start();
        CompletableFuture<Map<String, String>> restored = reconciler.restore();

        assertEquals("in parallel", Set.of("hello", "other"), node.pending.keySet());
        node.endAll();
        assertEquals(Map.of("hello", "it throws"), restored.join());
        assertEquals(Map.of("hello", "v1", "other", "o1"), node.serving);
        assertEquals(
                "it stays the one to come back to",
                "v2",
                node.disk.units().get("hello").good());
    }

    @Test
    public void nothingToRestoreIsRestored() {
        assertEquals(Map.of(), reconciler.restore().getNow(Map.of("not", "done")));
    }

    @Test
    public void aFullDiskRefusesTheDesireAndSaysSo() {
        node.diskFull = true;

        assertThrows(IOException.class, () -> desire(1, Map.of("hello", "v1")));

        assertEquals(0, reconciler.sequence());
        assertTrue(node.pending.isEmpty());
        assertFalse(node.lastResult().done());
        assertTrue(node.lastResult().reason(), node.lastResult().reason().contains("no space left"));
    }

    @Test
    public void aBuildWhoseTrialCannotBeMarkedDoesNotRun() throws Exception {
        desire(1, Map.of("hello", "v1"));
        node.diskFull = true;

        node.end("hello");

        assertEquals(Map.of(), node.serving);
        assertEquals("the disk is full", node.lastResult().reason());
    }

    @Test
    public void aDiskThatFillsUpInAMoveBringsTheBuildBeforeBack() throws Exception {
        desire(1, Map.of("hello", "v1"));
        node.endAll();
        desire(2, Map.of("hello", "v2"));
        node.fillsUp = true;
        node.end("hello");
        assertEquals("v1", node.pending.get("hello").digest());
        node.end("hello");

        assertEquals(Map.of("hello", "v1"), node.serving);
        assertFalse(node.lastResult().done());
        assertTrue(node.lastResult().reason(), node.lastResult().reason().contains("Free space"));
    }

    private void tryADeadlyOne() throws Exception {
        desire(1, Map.of("hello", "v1"));
        node.endAll();
        node.stayUp();
        node.deadly.add("v2");
        desire(2, Map.of("hello", "v2"));
        node.endAll();
        assertTrue(node.dead);
    }

    @Test
    public void aBuildThatEndsTheNodeWhileItIsTriedIsRefused() throws Exception {
        tryADeadlyOne();

        restart();

        assertEquals("what served goes on", Map.of("hello", "v1"), node.serving);
        desire(2, Map.of("hello", "v2"));
        assertTrue("not tried again", node.pending.isEmpty());
        assertFalse(node.lastResult().done());
        assertTrue(node.lastResult().reason(), node.lastResult().reason().contains("while it tried this build"));
        restart();
        desire(3, Map.of("hello", "v2"));
        assertTrue("nor after another restart", node.pending.isEmpty());
        assertEquals(Set.of("hello"), reconciler.refused().keySet());
        desire(4, Map.of("hello", "v1"));
        assertEquals("nobody asks for it any more", Map.of(), reconciler.refused());
    }

    @Test
    public void aBuildThatEndedTheNodeIsTriedAgainWhenTheDesireChangedInBetween() throws Exception {
        tryADeadlyOne();
        restart();
        desire(3, Map.of("hello", "v1"));
        restart();
        node.deadly.clear();

        desire(4, Map.of("hello", "v2"));
        node.endAll();

        assertEquals(Map.of("hello", "v2"), node.serving);
    }

    @Test
    public void theFirstBuildOfAllMayEndTheNodeOnce() throws Exception {
        node.deadly.add("v1");
        desire(1, Map.of("hello", "v1"));
        node.endAll();

        restart();

        assertEquals(Map.of(), node.serving);
        desire(2, Map.of());
        assertEquals("its removal has nothing to wait for", Map.of(), node.disk.units());
    }

    /** It came to serve, and the Seed knows. */
    private void serveOnTrial() throws Exception {
        desire(1, Map.of("hello", "v1"));
        node.endAll();
        node.stayUp();
        desire(2, Map.of("hello", "v2"));
        node.endAll();
        assertTrue(node.lastResult().done());
    }

    @Test
    public void killsSoonAfterABuildServesAreNotItsFault() throws Exception {
        serveOnTrial();
        for (int i = 1; i <= 10; i++) {
            restart();
            assertEquals("a power cut, perhaps", Map.of("hello", "v2"), node.serving);
        }
        assertEquals("v2", node.disk.units().get("hello").good());
    }

    @Test
    public void aBuildThatIsKnownToHaveEndedTheNodeIsNotForgiven() throws Exception {
        serveOnTrial();
        node.lastEnd = "code in it called System.exit";

        restart();

        assertEquals(Map.of("hello", "v1"), node.serving);
        desire(2, Map.of("hello", "v2"));
        assertTrue(node.lastResult().reason(), node.lastResult().reason().contains("called System.exit"));
        assertTrue("the Seed is to take it back", node.lastResult().fatal());
    }

    @Test
    public void aBuildThatEndsChildrenSoonAfterItServesGoesBack() throws Exception {
        serveOnTrial();
        reconciler.crashed("serving-1.2 ended with exit status 4");
        assertTrue("once may be a request's doing", node.pending.isEmpty());

        reconciler.crashed("serving-0.1 ended with exit status 4");
        node.endAll();

        assertEquals(Map.of("hello", "v1"), node.serving);
        assertTrue(node.lastResult().reason(), node.lastResult().reason().contains("exit status 4"));
        assertEquals("v2", node.lastResult().digest());
        assertTrue("the Seed is to take it back", node.lastResult().fatal());
        desire(3, Map.of("hello", "v2"));
        assertTrue("not tried again", node.pending.isEmpty());
        reconciler.crashed("serving-0.2 ended with exit status 4");
        assertTrue("what is proved is not to blame", node.pending.isEmpty());
    }

    @Test
    public void aBuildThatStaysUpIsProved() throws Exception {
        serveOnTrial();
        node.stayUp();
        node.lastEnd = "memory ran out";

        restart();
        restart();

        assertEquals(Map.of("hello", "v2"), node.serving);
    }

    @Test
    public void aStopInOrderIsNobodysFault() throws Exception {
        serveOnTrial();
        for (int i = 0; i < 3; i++) {
            reconciler.stop();
            restart();
            assertEquals(Map.of("hello", "v2"), node.serving);
        }
        node.lastEnd = "memory ran out";
        restart();
        assertEquals("still on trial", Map.of("hello", "v1"), node.serving);
    }

    @Test
    public void buildsThatMayBeNeededAreKept() throws Exception {
        for (int i = 1; i <= 5; i++) {
            desire(i, Map.of("hello", "v" + i));
            node.endAll();
        }
        desire(6, Map.of("hello", "v6"));

        assertEquals(Set.of("v6", "v5", "v4", "v3"), reconciler.kept());
    }
}
