package com.espra.protoplex.agent.reconcile;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** Roles of the distribution, on a node that no Seed has told of them, and on one that was. */
public class ShippedBuildsTest {

    private static final LinkFrame.Word WORD = new LinkFrame.Word("role", 1);

    private final FakeNode node = new FakeNode();
    private Reconciler reconciler = node.start();

    private void start(String... roles) {
        node.kill();
        node.roles.clear();
        node.roles.addAll(Set.of(roles));
        node.shipped.put("store", "shipped");
        reconciler = node.start();
        CompletableFuture<Map<String, String>> restored = reconciler.restore();
        node.endAll();
        assertTrue("restored", restored.isDone());
    }

    private void desire(long sequence, Map<String, String> units, Map<String, LinkFrame.Word> words, String... roles)
            throws IOException {
        LinkFrame.Placed placed = roles.length == 0 ? LinkFrame.Placed.NONE : new LinkFrame.Placed(Set.of(roles), 1);
        reconciler.desire(new LinkFrame.Desired("f", sequence, 0, units, words, placed, ""));
        node.endAll();
    }

    @Test
    public void aNodeAloneStartsTheRolesThatItHas() {
        start("store", "other");

        assertEquals(Map.of("store", "shipped"), node.serving);
        assertEquals("nothing is on record that a Seed could be told", Map.of(), node.disk.units());
    }

    @Test
    public void aRoleThatTheNodeHasNotStaysInTheDistribution() {
        start("other");

        assertEquals(Map.of(), node.serving);
    }

    @Test
    public void aSeedThatSaysNothingOfItLeavesItServing() throws Exception {
        start("store");
        desire(1, Map.of("hello", "v1"), Map.of());

        assertEquals(Map.of("store", "shipped", "hello", "v1"), node.serving);
        assertEquals(
                "the Seed desires no build of it, and hears that this is so",
                Set.of(""),
                Set.copyOf(node.results.stream()
                        .filter(result -> result.unit().equals("store"))
                        .map(LinkFrame.Result::digest)
                        .toList()));
    }

    @Test
    public void aBuildThatWasPushedTakesItsPlaceForGood() throws Exception {
        start("store");
        desire(1, Map.of("store", "pushed"), Map.of("store", WORD));
        assertEquals(Map.of("store", "pushed"), node.serving);

        start("store");
        assertEquals(Map.of("store", "pushed"), node.serving);
    }

    @Test
    public void aBuildThatIsRefusedLeavesItServing() throws Exception {
        node.bad.add("pushed");
        start("store");
        desire(1, Map.of("store", "pushed"), Map.of());
        assertFalse(node.lastResult().done());
        desire(2, Map.of(), Map.of());
        assertEquals(Map.of("store", "shipped"), node.serving);

        start("store");
        assertEquals(Map.of("store", "shipped"), node.serving);
    }

    @Test
    public void itComesBackWhenTheFirstBuildIsTakenBack() throws Exception {
        start("store");
        desire(1, Map.of("store", "pushed"), Map.of());
        desire(2, Map.of(), Map.of());

        assertEquals(Map.of("store", "shipped"), node.serving);
        assertEquals(Map.of(), node.disk.units());
    }

    @Test
    public void itComesUpWhenTheFirstBuildEndsTheProcess() throws Exception {
        node.deadly.add("pushed");
        start("store");
        desire(1, Map.of("store", "pushed"), Map.of());
        assertTrue(node.dead);

        start("store");
        assertEquals(Map.of("store", "shipped"), node.serving);
    }

    @Test
    public void aRoleThatWasRemovedFromTheFleetStaysAway() throws Exception {
        start("store");
        desire(1, Map.of("store", "pushed"), Map.of("store", WORD));
        desire(2, Map.of(), Map.of("store", WORD));
        assertEquals(Map.of(), node.serving);

        start("store");
        assertEquals(Map.of(), node.serving);
    }

    @Test
    public void itGoesWithTheRole() throws Exception {
        start("store");
        desire(1, Map.of(), Map.of(), "other");
        assertEquals(Map.of(), node.serving);

        start("store");
        assertEquals("what an operator said outlives a restart", Map.of(), node.serving);

        desire(2, Map.of(), Map.of(), "other", "store");
        assertEquals(Map.of("store", "shipped"), node.serving);
    }
}
