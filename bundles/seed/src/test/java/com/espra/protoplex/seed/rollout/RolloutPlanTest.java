package com.espra.protoplex.seed.rollout;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.Test;

/** What may be asked for, and whom a wave is. */
public class RolloutPlanTest {

    private static final List<String> NODES = List.of("a", "b", "c", "d", "e", "f", "g", "h");

    private static RolloutPlan plan(String... waves) throws RolloutPlanException {
        return RolloutPlan.of(List.of(waves), 0, Portion.ANY, 0, GateRule.OFF);
    }

    private static void refused(String part, String... waves) {
        RolloutPlanException refused = assertThrows(RolloutPlanException.class, () -> plan(waves));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message, message.contains(part));
        assertFalse(refused.remedy().isEmpty());
    }

    @Test
    public void wavesAreReadAndWritten() throws Exception {
        assertEquals(
                "canary,3,25%,region:eu-1,100%",
                plan("canary", "3", "25%", "region:eu-1", "100%").text());
    }

    @Test
    public void whatIsNoPlanIsRefusedByName() {
        refused("are none");
        refused("'half' is no wave", "half", "100%");
        refused("'0' is no wave", "0", "100%");
        refused("'0%' is no wave", "0%", "100%");
        refused("'101%' is no wave", "101%");
        refused("'-1' is no wave", "-1", "100%");
        refused("'region:' is no wave", "region:", "100%");
        refused("'' is no wave", "", "100%");
        refused("the waves end at 25%", "canary", "25%");
        refused("the wave 25% after 50% adds nobody", "50%", "25%", "100%");
        refused("the wave 2 after 2 adds nobody", "2", "2", "100%");
        refused("after 100% adds nobody", "100%", "canary", "100%");
        refused("the wave canary after canary adds nobody", "canary", "canary", "100%");
        refused(
                "are too many",
                "1",
                "2",
                "3",
                "4",
                "5",
                "6",
                "7",
                "8",
                "9",
                "10",
                "11",
                "12",
                "13",
                "14",
                "15",
                "16",
                "17",
                "18",
                "19",
                "20",
                "100%");
        refused("x...' is no wave", "x".repeat(1000), "100%");
    }

    @Test
    public void timesAndGatesHaveRanges() {
        List<String> waves = List.of("canary", "100%");
        assertThrows(RolloutPlanException.class, () -> RolloutPlan.of(waves, -1, Portion.ANY, 0, GateRule.OFF));
        assertThrows(
                RolloutPlanException.class,
                () -> RolloutPlan.of(waves, RolloutPlan.MOST_SECONDS + 1, Portion.ANY, 0, GateRule.OFF));
        RolloutPlanException late = assertThrows(
                RolloutPlanException.class, () -> RolloutPlan.of(waves, 60, Portion.ANY, 60, GateRule.OFF));
        assertTrue(
                String.valueOf(late.getMessage()),
                String.valueOf(late.getMessage()).contains("alone take 60 s"));
        for (GateRule rule : List.of(
                new GateRule(true, 0, 1, 2),
                new GateRule(true, 100, -1, 2),
                new GateRule(true, 100, Double.NaN, 2),
                new GateRule(true, 100, 1, 0.5),
                new GateRule(true, 100, 1, Double.POSITIVE_INFINITY))) {
            assertThrows(
                    rule.toString(), RolloutPlanException.class, () -> RolloutPlan.of(waves, 1, Portion.ANY, 0, rule));
        }
    }

    @Test
    public void aPortionIsOfSomebody() throws Exception {
        assertEquals(2, Portion.parse("2", "number").of(100));
        assertEquals(10, Portion.parse("10%", "number").of(100));
        assertEquals("at least one", 1, Portion.parse("10%", "number").of(3));
        assertEquals(Integer.MAX_VALUE, Portion.ANY.of(3));
        for (String bad : List.of("", "0", "-1", "200%", "some")) {
            assertThrows(bad, RolloutPlanException.class, () -> Portion.parse(bad, "number"));
        }
    }

    private static List<String> members(String wave, Set<String> ahead) throws RolloutPlanException {
        return WaveMembers.of(Wave.parse(wave), NODES, ahead, node -> node.compareTo("e") < 0 ? "eu" : "us");
    }

    @Test
    public void aWaveCountsThoseBeforeIt() throws Exception {
        assertEquals(List.of("a"), members("canary", Set.of()));
        assertEquals(List.of(), members("canary", Set.of("b")));
        assertEquals(List.of("b", "c"), members("3", Set.of("a")));
        assertEquals(List.of("b"), members("25%", Set.of("a")));
        assertEquals("rounded up", List.of("a"), members("1%", Set.of()));
        assertEquals("nobody is added", List.of(), members("25%", Set.of("a", "b", "c")));
        assertEquals(List.of("b", "c", "d"), members("region:eu", Set.of("a")));
        assertEquals(List.of(), members("region:asia", Set.of()));
        assertEquals(7, members("100%", Set.of("a")).size());
        assertEquals(
                "of those that are away, too",
                List.of("a"),
                members("25%", Set.of("x", "y")).subList(0, 1));
    }
}
