package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.deploy.DeploymentLog;
import com.espra.protoplex.seed.rollout.GateRule;
import com.espra.protoplex.seed.rollout.Portion;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.rollout.RolloutState;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.NodeState;
import com.espra.protoplex.seed.state.Deployment.State;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.KnownNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Before;
import org.junit.Test;

/** Moves of a fleet in waves. */
public class RolloutsTest {

    private static final Duration BAKE = Duration.ofSeconds(60);

    private SimulatedFleet world;
    private String v1 = "";
    private String v2 = "";

    @Before
    public void start() throws Exception {
        world = new SimulatedFleet();
        v1 = world.build("hello", "1.0.0");
        v2 = world.build("hello", "1.0.1");
    }

    private static RolloutPlan plan(String waves) throws Exception {
        return plan(waves, Portion.ANY, 0);
    }

    private static RolloutPlan plan(String waves, Portion most, int deadline) throws Exception {
        return RolloutPlan.of(List.of(waves.split(",")), (int) BAKE.toSeconds(), most, deadline, GateRule.OFF);
    }

    private Deployment push(String digest, RolloutPlan plan) throws Exception {
        return push("hello", digest, plan);
    }

    private Deployment push(String app, String digest, RolloutPlan plan) throws Exception {
        Deployment begun = world.fleet.deployments().deploy(app, digest, false, "me", Optional.of(plan));
        world.settle();
        return world.now(begun);
    }

    /** Eight nodes that serve version 1. */
    private void eight() throws Exception {
        world.connect(8);
        world.push("hello", v1);
        serving(v1, 8);
    }

    private void serving(String digest, int count) {
        assertEquals(
                count,
                world.nodes.values().stream()
                        .filter(node -> digest.equals(node.serves.get("hello")))
                        .count());
    }

    private Set<String> with(String digest) {
        Set<String> names = new TreeSet<>();
        world.nodes.values().stream()
                .filter(node -> digest.equals(node.serves.get("hello")))
                .forEach(node -> names.add(node.name));
        return names;
    }

    private boolean heardOf(String node, String digest) {
        return world.node(node).told.stream().anyMatch(told -> told.units().containsValue(digest));
    }

    private RolloutState state(Deployment deployment) {
        return world.now(deployment).rollout().state();
    }

    private List<String> said(Deployment deployment) throws InterruptedException {
        return world.fleet.deployments().log(deployment.id()).orElseThrow().from(0, 0).stream()
                .filter(line -> line.node().isEmpty())
                .map(DeploymentLog.Line::detail)
                .toList();
    }

    @Test
    public void waveAfterWaveMovesWhenTheOneBeforeHasBaked() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,25%,100%"));
        assertEquals(RolloutState.BAKING, begun.rollout().state());
        assertEquals(Set.of("node-1"), with(v2));
        world.pass(BAKE.minusSeconds(1));
        assertEquals(Set.of("node-1"), with(v2));
        world.pass(Duration.ofSeconds(1));
        assertEquals("a quarter of eight", Set.of("node-1", "node-2"), with(v2));
        assertEquals(
                "the fleet is to run what it did",
                v1,
                world.fleet.data().app("hello").desired().digest());
        assertFalse("nobody else has heard of it", heardOf("node-3", v2));
        world.pass(BAKE);
        assertEquals(State.DONE, world.now(begun).state());
        assertEquals("hello 1.0.1 serves on 8 of 8 nodes", world.now(begun).detail());
        serving(v2, 8);
        assertEquals(
                List.of(
                        "wave 1 of 3 (canary): node-1",
                        "wave 1 of 3 (canary): serves on 1 of 8 nodes; watched for 60 s",
                        "wave 1 of 3 (canary): its nodes are well",
                        "wave 2 of 3 (25%): node-2",
                        "wave 2 of 3 (25%): serves on 2 of 8 nodes; watched for 60 s",
                        "wave 2 of 3 (25%): its nodes are well",
                        "wave 3 of 3 (100%): node-3, node-4, node-5, node-6, node-7 and 1 more"),
                said(begun));
    }

    @Test
    public void aRefusalInAWaveTurnsThoseBackThatMovedAndNobodyElseHears() throws Exception {
        eight();
        world.node("node-2").refuses.put(v2, "no memory");
        Deployment begun = push(v2, plan("canary,50%,100%"));
        world.pass(BAKE);
        assertEquals(State.REFUSED, world.now(begun).state());
        assertEquals(
                "node-2 refused hello 1.0.1: no memory. hello 1.0.0 still serves on 8 of 8 nodes",
                world.now(begun).detail());
        serving(v1, 8);
        assertFalse(heardOf("node-5", v2));
    }

    @Test
    public void aNodeThatIsNotWellWhileItBakesTurnsAllBack() throws Exception {
        eight();
        Deployment begun = push(v2, plan("2,100%"));
        SimulatedFleet.SimulatedNode ill = world.node("node-2");
        ill.health = new LinkFrame.Health("UNHEALTHY", "no thread is free", "", 0);
        ill.tell();
        world.settle();
        world.pass(Duration.ofSeconds(1));
        assertEquals(
                "hello 1.0.1 is taken back: node-2 is not well: no thread is free. hello 1.0.0 still serves on 8 of 8 nodes",
                world.now(begun).detail());
        serving(v1, 8);
    }

    @Test
    public void whatEndsANodeAfterItServedTurnsAllBack() throws Exception {
        eight();
        Deployment begun = push(v2, plan("2,100%"));
        SimulatedFleet.SimulatedNode ended = world.node("node-2");
        ended.serves.put("hello", v1);
        ended.tell();
        world.fleet.received(
                ended,
                new LinkFrame.Result(ended.accepted.sequence(), "hello", v2, false, "it called System.exit", 0, true));
        world.settle();
        assertEquals(State.REFUSED, world.now(begun).state());
        assertTrue(world.now(begun).detail(), world.now(begun).detail().contains("it called System.exit"));
        serving(v1, 8);
    }

    @Test
    public void whoServedAndThenFailedIsWaitedForOnTheWayBack() throws Exception {
        eight();
        Deployment begun = push(v2, plan("2,100%"));
        SimulatedFleet.SimulatedNode failed = world.node("node-2");
        failed.mute = true;
        world.fleet.received(
                failed, new LinkFrame.Result(failed.accepted.sequence(), "hello", v2, false, "it leaks", 0, true));
        world.settle();
        assertEquals(
                "node-2 has not gone back", State.RETURNING, world.now(begun).state());
        failed.mute = false;
        failed.disconnect();
        failed.connect();
        world.settle();
        assertEquals(
                "node-2 refused hello 1.0.1: it served, but it leaks. hello 1.0.0 still serves on 8 of 8 nodes",
                world.now(begun).detail());
    }

    @Test
    public void aCanaryThatIsAwayForTooLongTurnsAllBack() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,100%"));
        world.node("node-1").disconnect();
        world.settle();
        world.pass(Duration.ofSeconds(29));
        assertEquals(RolloutState.BAKING, state(begun));
        world.pass(Duration.ofSeconds(2));
        assertEquals(State.REFUSED, world.now(begun).state());
        assertTrue(world.now(begun).detail(), world.now(begun).detail().contains("node-1 is away since"));
        world.node("node-1").connect();
        world.settle();
        serving(v1, 8);
    }

    @Test
    public void oneOfManyThatGoesAwayInItsWaveHoldsNobodyUpAndConvergesToItsWave() throws Exception {
        eight();
        world.node("node-2").mute = true;
        Deployment begun = push(v2, plan("4,100%"));
        assertEquals(RolloutState.MOVING, begun.rollout().state());
        world.node("node-2").disconnect();
        world.settle();
        world.pass(Duration.ofSeconds(29));
        assertEquals(RolloutState.MOVING, state(begun));
        world.pass(Duration.ofSeconds(2));
        assertEquals(RolloutState.BAKING, state(begun));
        assertEquals(NodeState.AWAY, world.now(begun).nodes().get("node-2").state());
        world.node("node-2").mute = false;
        world.node("node-2").connect();
        world.settle();
        assertEquals("to what its wave has", v2, world.node("node-2").serves.get("hello"));
        world.node("node-8").disconnect();
        world.node("node-8").connect();
        world.settle();
        assertEquals(
                "and the others to what theirs has",
                v1,
                world.node("node-8").serves.get("hello"));
        world.pass(BAKE);
        serving(v2, 8);
        assertEquals(State.DONE, world.now(begun).state());
    }

    @Test
    public void aNewNodeIsInTheWavesThatFollow() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,100%"));
        world.node("node-9").connect();
        world.settle();
        assertEquals(
                "it begins where the fleet is", v1, world.node("node-9").serves.get("hello"));
        world.pass(BAKE);
        assertEquals("hello 1.0.1 serves on 9 of 9 nodes", world.now(begun).detail());
        serving(v2, 9);
    }

    @Test
    public void noMoreMoveAtATimeThanMayBeUnavailable() throws Exception {
        eight();
        world.nodes.values().forEach(node -> node.mute = true);
        Deployment begun = push(v2, plan("100%", new Portion(2, false), 0));
        assertTrue(heardOf("node-2", v2));
        assertFalse(heardOf("node-3", v2));
        for (int i = 1; i <= 8; i++) {
            SimulatedFleet.SimulatedNode node = world.node("node-" + i);
            node.mute = false;
            node.disconnect();
            node.connect();
            world.settle();
            long open = world.now(begun).nodes().entrySet().stream()
                    .filter(each -> each.getValue().state() == NodeState.WAITING && heardOf(each.getKey(), v2))
                    .count();
            assertTrue(open + " wait", open <= 2);
        }
        world.pass(Duration.ofSeconds(2));
        assertEquals(State.DONE, world.now(begun).state());
        serving(v2, 8);
    }

    @Test
    public void whoIsAwayIsUnavailable() throws Exception {
        eight();
        world.node("node-7").disconnect();
        world.node("node-8").disconnect();
        world.settle();
        Deployment begun = push(v2, plan("100%", new Portion(2, false), 600));
        assertEquals("two are away already", 0, with(v2).size());
        assertEquals(
                List.of("wave 1 of 1 (100%): 6 nodes wait, because 2 move, drain or are away; at most 2 may"
                        + " (--max-unavailable)"),
                said(begun));
        world.node("node-8").connect();
        world.settle();
        world.pass(Duration.ofSeconds(3));
        assertEquals(State.DONE, world.now(begun).state());
        serving(v2, 7);
    }

    /** There is room for one, and nobody moves who would make more. */
    @Test
    public void littleRoomIsUsedWhenNobodyMoves() throws Exception {
        eight();
        for (String away : List.of("node-6", "node-7", "node-8")) {
            world.node(away).disconnect();
        }
        world.settle();
        Deployment begun = push(v2, plan("100%", new Portion(4, false), 0));
        world.pass(Duration.ofSeconds(2));
        assertEquals(State.DONE, world.now(begun).state());
        serving(v2, 5);
    }

    @Test
    public void whoDrainsIsUnavailableAndTakesNobodysPlace() throws Exception {
        eight();
        world.fleet.standings().drain("node-1", Duration.ofSeconds(30));
        world.settle();
        Deployment one = push(v2, plan("100%", new Portion(1, false), 0));
        world.pass(Duration.ofSeconds(2));
        assertEquals("it serves nobody, so that it may move", Set.of("node-1"), with(v2));
        assertEquals(State.MOVING, world.now(one).state());
        world.fleet.standings().uncordon("node-1");
        world.settle();
        world.pass(Duration.ofSeconds(2));
        assertEquals(State.DONE, world.now(one).state());
        serving(v2, 8);
    }

    @Test
    public void aPauseStopsBetweenWavesAndBeginsTheBakeAnew() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,50%,100%"));
        world.pass(Duration.ofSeconds(50));
        assertEquals(
                RolloutState.PAUSED,
                world.fleet.deployments().pause(begun.id(), "ada").rollout().state());
        world.pass(BAKE.multipliedBy(3));
        assertEquals(Set.of("node-1"), with(v2));
        world.fleet.deployments().resume(begun.id(), "ada");
        assertEquals(RolloutState.BAKING, state(begun));
        world.pass(BAKE.minusSeconds(1));
        assertEquals(Set.of("node-1"), with(v2));
        world.pass(Duration.ofSeconds(1));
        assertEquals(4, with(v2).size());
    }

    @Test
    public void promotingBeginsTheNextWave() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,50%,100%"));
        world.fleet.deployments().promote(begun.id(), "ada");
        world.settle();
        assertEquals(4, with(v2).size());
        world.fleet.deployments().promote(begun.id(), "ada");
        world.settle();
        assertEquals(State.DONE, world.now(begun).state());
        serving(v2, 8);
    }

    @Test
    public void aWaveThatMovesIsNotPromoted() throws Exception {
        eight();
        world.node("node-1").mute = true;
        Deployment begun = push(v2, plan("canary,100%"));
        FleetException no = assertThrows(
                FleetException.class, () -> world.fleet.deployments().promote(begun.id(), ""));
        assertEquals(FleetException.Kind.CONFLICT, no.kind());
        assertTrue(no.remedy(), no.remedy().contains("rollout abort " + begun.id()));
        assertThrows(FleetException.class, () -> world.fleet.deployments().resume(begun.id(), ""));
    }

    @Test
    public void itCanBeGivenUpInEachState() throws Exception {
        eight();
        for (RolloutState state :
                List.of(RolloutState.MOVING, RolloutState.BAKING, RolloutState.PAUSED, RolloutState.RETURNING)) {
            String next = world.build("hello", "1.0." + (10 + state.ordinal()));
            world.node("node-1").mute = state == RolloutState.MOVING || state == RolloutState.RETURNING;
            Deployment begun = push(next, plan("canary,50%,100%"));
            if (state == RolloutState.PAUSED) {
                world.fleet.deployments().pause(begun.id(), "");
            }
            if (state == RolloutState.RETURNING) {
                world.fleet.deployments().abort(begun.id(), "");
            }
            assertEquals(state, state(begun));
            world.fleet.deployments().abort(begun.id(), "ada");
            world.node("node-1").mute = false;
            world.node("node-1").disconnect();
            world.node("node-1").connect();
            world.settle();
            world.pass(Duration.ofSeconds(2));
            assertEquals(state.toString(), State.REFUSED, world.now(begun).state());
            serving(v1, 8);
            FleetException ended = assertThrows(
                    FleetException.class, () -> world.fleet.deployments().abort(begun.id(), ""));
            assertTrue(String.valueOf(ended.getMessage()).contains("has ended"));
        }
    }

    @Test
    public void aRollBackTurnsWhatGoesOn() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,50%,100%"));
        world.fleet.deployments().rollBack("hello", Optional.empty(), "ada");
        world.settle();
        assertEquals(
                "hello 1.0.1 was turned back by ada. hello 1.0.0 still serves on 8 of 8 nodes",
                world.now(begun).detail());
        serving(v1, 8);
    }

    @Test
    public void aRollBackToAThirdVersionTakesThePlaceOfWhatGoesOn() throws Exception {
        eight();
        world.push("hello", v2);
        String v3 = world.build("hello", "1.0.2");
        Deployment begun = push(v3, plan("canary,50%,100%"));
        Deployment back = world.fleet.deployments().rollBack("hello", Optional.of(v1), "ada");
        world.settle();
        assertEquals(State.REFUSED, world.now(begun).state());
        assertEquals(State.DONE, world.now(back).state());
        serving(v1, 8);
    }

    /** At each moment one of them goes on. */
    @Test
    public void aRollBackTakesThePlaceOfWhatGoesOnInOneSave() throws Exception {
        eight();
        world.push("hello", v2);
        String v3 = world.build("hello", "1.0.2");
        push(v3, plan("canary,50%,100%"));
        int before = world.saved.size();
        world.fleet.deployments().rollBack("hello", Optional.of(v1), "ada");
        world.saved
                .subList(before, world.saved.size())
                .forEach(each -> assertTrue(each.deployments().stream()
                        .anyMatch(deployment -> deployment.state().open())));
        assertTrue("there is one", world.saved.size() > before);
        world.settle();
        serving(v1, 8);
    }

    @Test
    public void aPromotionThatTellsNobodyAtOnceIsDurable() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,50%,100%", new Portion(1, false), 0));
        world.node("node-8").disconnect();
        world.settle();
        world.fleet.deployments().promote(begun.id(), "ada");
        world.settle();
        assertEquals(Set.of("node-1"), with(v2));
        assertEquals(
                1,
                world.saved
                        .getLast()
                        .deployment(begun.id())
                        .orElseThrow()
                        .rollout()
                        .wave());
        world.restart(world.saved.getLast());
        world.settle();
        world.pass(Duration.ofSeconds(3));
        assertEquals(Set.of("node-1", "node-2", "node-3", "node-4"), with(v2));
    }

    @Test
    public void aRollBackOfARollBackIsRefusedByName() throws Exception {
        eight();
        world.push("hello", v2);
        world.node("node-1").mute = true;
        Deployment back = world.fleet.deployments().rollBack("hello", Optional.empty(), "ada");
        FleetException second = assertThrows(
                FleetException.class, () -> world.fleet.deployments().rollBack("hello", Optional.empty(), "bob"));
        assertEquals(back.id(), second.deployment());
    }

    @Test
    public void aSecondPushIsRefusedByNameAndOtherAppsGoOn() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,50%,100%"));
        String v3 = world.build("hello", "1.0.2");
        FleetException second = assertThrows(FleetException.class, () -> push(v3, plan("50%,100%")));
        assertEquals(begun.id(), second.deployment());
        assertTrue(
                String.valueOf(second.getMessage()),
                String.valueOf(second.getMessage()).contains("in wave 1 of 3 (canary)"));
        String other = world.build("other", "1.0.0");
        Deployment beside = push("other", other, plan("3,100%"));
        assertEquals(RolloutState.BAKING, state(beside));
        assertEquals(
                3,
                world.nodes.values().stream()
                        .filter(node -> node.serves.containsKey("other"))
                        .count());
        world.pass(BAKE.multipliedBy(2));
        assertEquals(State.DONE, world.now(begun).state());
        assertEquals(State.DONE, world.now(beside).state());
    }

    @Test
    public void itGoesBackWhenItIsLate() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,50%,100%", Portion.ANY, 130));
        world.fleet.deployments().pause(begun.id(), "");
        world.pass(Duration.ofSeconds(131));
        assertEquals(State.REFUSED, world.now(begun).state());
        assertTrue(world.now(begun).detail(), world.now(begun).detail().contains("within 130 s (--deadline)"));
        serving(v1, 8);
    }

    @Test
    public void wavesOfNobodyAreRefusedOrPassedOver() throws Exception {
        FleetException nobody = assertThrows(FleetException.class, () -> push(v1, plan("canary,100%")));
        assertTrue(String.valueOf(nobody.getMessage())
                .contains("no node with the role app is there to be the first wave of hello"));
        world.connect(3);
        world.push("hello", v1);
        FleetException region = assertThrows(FleetException.class, () -> push(v2, plan("region:mars,100%")));
        assertTrue(String.valueOf(region.getMessage()).contains("is in the region mars"));
        Deployment begun = push(v2, plan("canary,25%,100%"));
        assertEquals("a quarter of three is the canary", 0, begun.rollout().wave());
        world.pass(BAKE);
        assertEquals("so that wave is passed over", State.DONE, world.now(begun).state());
    }

    /** It takes a rollout without a trial for one that all have heard of. */
    @Test
    public void anOlderSeedFindsATrialWhileSomeAreAhead() throws Exception {
        eight();
        Deployment begun = push(v2, plan("4,100%"));
        assertEquals(4, begun.rollout().ahead().size());
        assertEquals(
                "node-1",
                world.saved.getLast().deployment(begun.id()).orElseThrow().trial());
        world.pass(BAKE);
        assertEquals("", world.now(begun).trial());
    }

    @Test
    public void aRegionIsAWave() throws Exception {
        eight();
        world.node("node-4").region = "mars";
        world.node("node-4").disconnect();
        world.node("node-4").connect();
        world.settle();
        push(v2, plan("region:mars,100%"));
        assertEquals(Set.of("node-4"), with(v2));
    }

    /** Nodes 7 and 8, in a region of their own. */
    private void mars() throws Exception {
        eight();
        for (String name : List.of("node-7", "node-8")) {
            world.node(name).region = "mars";
            world.node(name).disconnect();
            world.node(name).connect();
        }
        world.settle();
    }

    private void leave(String... names) {
        for (String name : names) {
            world.node(name).disconnect();
        }
        world.settle();
    }

    @Test
    public void aWaveOfARegionThatIsAwayIsRefusedAtFirst() throws Exception {
        mars();
        leave("node-7", "node-8");
        FleetException away = assertThrows(FleetException.class, () -> push(v2, plan("region:mars,100%")));
        assertTrue(
                String.valueOf(away.getMessage()),
                String.valueOf(away.getMessage())
                        .contains("no connected node with the role app is in the region mars"));
    }

    @Test
    public void aWaveOfARegionThatWentAwayMeanwhileWaitsAndIsNotPassedOver() throws Exception {
        mars();
        Deployment begun = push(v2, plan("canary,region:mars,100%"));
        leave("node-7", "node-8");
        world.pass(BAKE.multipliedBy(4));
        assertEquals(RolloutState.MOVING, state(begun));
        assertEquals(Set.of("node-1"), with(v2));
        String said = String.join("; ", said(begun));
        assertTrue(said, said.contains("wave 2 of 3 (region:mars): none of its nodes is connected; it waits for one"));
        world.node("node-8").connect();
        world.settle();
        assertEquals(RolloutState.BAKING, state(begun));
        world.pass(BAKE);
        assertEquals(State.DONE, world.now(begun).state());
        serving(v2, 7);
    }

    @Test
    public void itGoesOnAfterARestartInMidWave() throws Exception {
        eight();
        world.node("node-3").mute = true;
        Deployment begun = push(v2, plan("4,100%"));
        assertEquals(RolloutState.MOVING, begun.rollout().state());
        world.node("node-3").mute = false;
        world.restart(world.saved.getLast());
        world.settle();
        world.pass(Duration.ofSeconds(2));
        assertEquals(RolloutState.BAKING, state(begun));
        assertEquals(Set.of("node-1", "node-2", "node-3", "node-4"), with(v2));
        world.pass(BAKE);
        assertEquals(State.DONE, world.now(begun).state());
        serving(v2, 8);
    }

    @Test
    public void aWaveOfManyIsNotTakenBackBecauseAllAreAwayForAMomentAfterARestart() throws Exception {
        eight();
        world.node("node-1").mute = true;
        world.node("node-2").mute = true;
        Deployment begun = push(v2, plan("2,100%"));
        world.node("node-1").mute = false;
        world.node("node-2").mute = false;
        world.restart(world.saved.getLast(), "node-7", "node-8");
        world.settle();
        world.pass(Duration.ofSeconds(20));
        assertEquals(State.MOVING, world.now(begun).state());
        for (int i = 1; i <= 6; i++) {
            world.node("node-" + i).connect();
        }
        world.settle();
        world.pass(Duration.ofSeconds(2));
        assertEquals(Set.of("node-1", "node-2"), with(v2));
        world.pass(BAKE);
        assertEquals(State.DONE, world.now(begun).state());
    }

    @Test
    public void joiningAgainAndAgainRenewsNoDeadline() throws Exception {
        eight();
        world.node("node-2").mute = true;
        Deployment begun = push(v2, plan("4,100%"));
        for (int i = 0; i < 12; i++) {
            world.node("node-2").disconnect();
            world.node("node-2").connect();
            world.settle();
            world.pass(Duration.ofSeconds(5));
        }
        assertTrue(world.now(begun).detail(), world.now(begun).detail().contains("no answer within"));
        assertFalse(heardOf("node-5", v2));
    }

    /** Whoever is back first is not the whole fleet. */
    @Test
    public void afterARestartAWaveWaitsForThoseThatWereThere() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,50%,100%"));
        world.pass(BAKE.minusSeconds(1));
        world.restart(world.saved.getLast(), "node-1", "node-8");
        world.settle();
        world.pass(Duration.ofSeconds(10));
        assertEquals("it waits", Set.of("node-1"), with(v2));
        for (int i = 2; i <= 7; i++) {
            world.node("node-" + i).connect();
        }
        world.settle();
        world.pass(Duration.ofSeconds(1));
        assertEquals(Set.of("node-1", "node-2", "node-3", "node-4"), with(v2));
        assertEquals(RolloutState.BAKING, state(begun));
    }

    @Test
    public void afterTwoRestartsInAMomentAWaveStillWaitsForThem() throws Exception {
        eight();
        push(v2, plan("canary,50%,100%"));
        world.pass(BAKE.minusSeconds(1));
        world.restart(world.saved.getLast(), "node-1", "node-8");
        world.settle();
        world.pass(Duration.ofSeconds(5));
        world.restart(world.saved.getLast(), "node-1", "node-8");
        world.settle();
        world.pass(Duration.ofSeconds(10));
        assertEquals("it waits", Set.of("node-1"), with(v2));
        for (int i = 2; i <= 7; i++) {
            world.node("node-" + i).connect();
        }
        world.settle();
        world.pass(Duration.ofSeconds(1));
        assertEquals(Set.of("node-1", "node-2", "node-3", "node-4"), with(v2));
    }

    /** The time of day is the machine's; how long a wave is watched is not. */
    @Test
    public void aClockThatIsSetEndsNoBakeTimeAndNoLink() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,100%"));
        for (Duration jump : List.of(Duration.ofHours(1), Duration.ofHours(-3))) {
            world.ahead = world.ahead.plus(jump);
            world.pass(Duration.ofSeconds(2));
            assertEquals(RolloutState.BAKING, state(begun));
            assertEquals(Set.of("node-1"), with(v2));
            assertEquals(
                    8,
                    world.fleet.nodes().values().stream()
                            .filter(KnownNode::connected)
                            .count());
        }
        world.pass(BAKE.plus(BAKE.dividedBy(5)));
        assertEquals(State.DONE, world.now(begun).state());
    }

    @Test
    public void aBakeTimeOfTheFutureIsOverInItsTimeAfterARestart() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,100%"));
        world.now = world.now.minus(Duration.ofHours(1));
        world.restart(world.saved.getLast());
        world.settle();
        world.pass(BAKE.plusSeconds(2));
        assertEquals(State.DONE, world.now(begun).state());
    }

    @Test
    public void aPauseOutlivesARestart() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,100%"));
        world.fleet.deployments().pause(begun.id(), "ada");
        world.restart(world.saved.getLast());
        world.settle();
        world.pass(BAKE.multipliedBy(2));
        assertEquals(RolloutState.PAUSED, state(begun));
        assertEquals(Set.of("node-1"), with(v2));
        world.fleet.deployments().resume(begun.id(), "ada");
        world.pass(BAKE.plusSeconds(1));
        assertEquals(State.DONE, world.now(begun).state());
    }

    /** Every state that was ever on the disk is one that a Seed can go on from. */
    @Test
    public void itGoesOnFromEveryStateThatWasSaved() throws Exception {
        eight();
        int before = world.saved.size();
        push(v2, plan("canary,25%,100%"));
        world.pass(BAKE.multipliedBy(3));
        serving(v2, 8);
        int after = world.saved.size();
        assertTrue("there are some", after - before >= 5);
        for (int i = before; i < after; i++) {
            SimulatedFleet later = new SimulatedFleet(world.saved.get(i), world.key);
            later.builds.putAll(world.builds);
            world.nodes.values().forEach(node -> {
                SimulatedFleet.SimulatedNode there = later.node(node.name);
                there.serves.put("hello", v1);
                there.connect();
            });
            later.settle();
            later.pass(BAKE.multipliedBy(4));
            later.nodes.values().forEach(node -> assertEquals(node.name, v2, node.serves.getOrDefault("hello", "")));
        }
    }

    @Test
    public void aConfigurationGoesInWavesToo() throws Exception {
        eight();
        String values = "c".repeat(64);
        Deployment begun = world.fleet
                .deployments()
                .configure(
                        "hello",
                        world.fleet.data().app("hello").desired(),
                        values,
                        "ada",
                        Optional.of(plan("canary,100%")));
        world.settle();
        assertEquals(Set.of("node-1"), with(v1 + "+" + values));
        world.pass(BAKE);
        assertEquals(State.DONE, world.now(begun).state());
        serving(v1 + "+" + values, 8);
    }

    @Test
    public void whatCannotBeSavedWaits() throws Exception {
        eight();
        Deployment begun = push(v2, plan("canary,100%"));
        world.diskFull = true;
        world.pass(BAKE.multipliedBy(2));
        assertEquals(Set.of("node-1"), with(v2));
        world.diskFull = false;
        world.pass(Duration.ofSeconds(1));
        assertEquals(State.DONE, world.now(begun).state());
    }

    /** Pushes to a canary whose requests are looked at. */
    private Deployment gated() throws Exception {
        eight();
        return push(
                v2,
                RolloutPlan.of(List.of("canary", "100%"), (int) BAKE.toSeconds(), Portion.ANY, 0, GateRule.STANDARD));
    }

    private static LinkFrame.Requests requests(long count, long failed) {
        return new LinkFrame.Requests(60, count, failed, List.of(0L, 0L, count));
    }

    private void tells(String digest, long count, long failed, long before) {
        SimulatedFleet.SimulatedNode canary = world.node("node-1");
        canary.traffic = List.of(new LinkFrame.Traffic("hello", digest, requests(count, failed), requests(before, 0)));
        canary.tell();
        world.settle();
    }

    @Test
    public void aGatePasses() throws Exception {
        Deployment begun = gated();
        tells(v2, 500, 0, 500);
        world.pass(BAKE);
        assertEquals(State.DONE, world.now(begun).state());
        String said = String.join("; ", said(begun));
        assertTrue(said, said.contains("0.0 % of 500 requests failed (before 0.0 %), 95 of 100 are done in"));
    }

    @Test
    public void aGateFailsBeforeTheBakeIsOver() throws Exception {
        Deployment begun = gated();
        tells(v2, 500, 50, 500);
        world.pass(Duration.ofSeconds(2));
        assertEquals(
                "hello 1.0.1 is taken back: 10.0 % of 500 requests failed, and before 0.0 % of 500, in wave 1 of 2"
                        + " (canary). hello 1.0.0 still serves on 8 of 8 nodes",
                world.now(begun).detail());
        serving(v1, 8);
        assertFalse(heardOf("node-2", v2));
    }

    @Test
    public void aGateWithTooLittleHoldsUntilThereIsMore() throws Exception {
        Deployment begun = gated();
        tells(v2, 50, 0, 500);
        world.pass(BAKE.multipliedBy(5));
        assertEquals(RolloutState.HELD, state(begun));
        assertTrue(
                world.now(begun).rollout().word(),
                world.now(begun).rollout().word().contains("inconclusive: 50 requests, and 100 say something"));
        tells(v2, 150, 0, 500);
        world.pass(Duration.ofSeconds(1));
        assertEquals(State.DONE, world.now(begun).state());
    }

    @Test
    public void whatIsHeldCanBePromotedPausedAndGivenUp() throws Exception {
        Deployment begun = gated();
        tells(v2, 50, 0, 500);
        world.pass(BAKE.plusSeconds(1));
        assertEquals(RolloutState.HELD, state(begun));
        FleetException no = assertThrows(
                FleetException.class, () -> world.fleet.deployments().resume(begun.id(), ""));
        assertTrue(String.valueOf(no.getMessage()).contains("is held by its gate"));
        world.fleet.deployments().pause(begun.id(), "");
        world.fleet.deployments().resume(begun.id(), "");
        world.pass(BAKE.plusSeconds(1));
        assertEquals(RolloutState.HELD, state(begun));
        world.fleet.deployments().promote(begun.id(), "");
        world.settle();
        assertEquals(State.DONE, world.now(begun).state());
    }

    @Test
    public void aGateWithoutDataPassesAndSaysSo() throws Exception {
        Deployment begun = gated();
        tells(v2, 0, 0, 0);
        world.pass(BAKE);
        assertEquals(State.DONE, world.now(begun).state());
        String said = String.join("; ", said(begun));
        assertTrue(said, said.contains("no data: nobody asked for it"));
    }

    /** A link that is back is no proof: the node may have lost what it served, and its requests are still to be told. */
    @Test
    public void aLinkThatIsBackSaysNothingBeforeItsNodeTells() throws Exception {
        Deployment begun = gated();
        tells(v2, 50, 0, 500);
        world.pass(BAKE.plusSeconds(1));
        assertEquals(RolloutState.HELD, state(begun));
        SimulatedFleet.SimulatedNode canary = world.node("node-1");
        canary.mute = true;
        canary.serves.remove("hello");
        canary.disconnect();
        world.settle();
        world.pass(Duration.ofSeconds(5));
        assertEquals("while it is away", RolloutState.HELD, state(begun));
        canary.connect();
        Runnable hello = world.wire.removeFirst();
        world.wire.clear();
        hello.run();
        world.pass(Duration.ofSeconds(5));
        assertEquals("before it tells", RolloutState.HELD, state(begun));
        canary.tell();
        world.pass(Duration.ofSeconds(5));
        assertEquals("while it serves nothing", RolloutState.HELD, state(begun));
        assertFalse(heardOf("node-2", v2));
        assertTrue(
                world.now(begun).rollout().word(),
                world.now(begun).rollout().word().contains("node-1 has not told yet that it serves hello 1.0.1"));
        canary.serves.put("hello", v2);
        tells(v2, 150, 0, 500);
        world.pass(Duration.ofSeconds(1));
        assertEquals(State.DONE, world.now(begun).state());
    }

    @Test
    public void aGateWhoseNodesAllDrainHoldsAndNamesTheDrain() throws Exception {
        Deployment begun = gated();
        world.node("node-1").drain = new LinkFrame.Drain(1, LinkFrame.Drain.DRAINED, List.of());
        tells(v2, 0, 0, 0);
        world.pass(BAKE.plusSeconds(1));
        assertEquals(RolloutState.HELD, state(begun));
        assertTrue(
                world.now(begun).rollout().word(),
                world.now(begun).rollout().word().contains("node-1 drains, so that nobody can ask for it"));
        world.node("node-1").drain = LinkFrame.Drain.NONE;
        tells(v2, 0, 0, 0);
        world.pass(Duration.ofSeconds(1));
        assertEquals(State.DONE, world.now(begun).state());
    }

    @Test
    public void aNodeThatDoesNotTellIsInconclusive() throws Exception {
        Deployment begun = gated();
        tells(v1, 500, 0, 500);
        world.pass(BAKE.plusSeconds(1));
        assertEquals("what it tells is of another build", RolloutState.HELD, state(begun));
    }
}
