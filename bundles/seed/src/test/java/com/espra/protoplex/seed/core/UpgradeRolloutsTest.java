package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrame.Upgraded;
import com.espra.protoplex.seed.core.SimulatedFleet.SimulatedNode;
import com.espra.protoplex.seed.deploy.UpgradeWish;
import com.espra.protoplex.seed.rollout.GateRule;
import com.espra.protoplex.seed.rollout.Portion;
import com.espra.protoplex.seed.rollout.RolloutEvent;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.rollout.RolloutState;
import com.espra.protoplex.seed.rollout.Wave;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.NodeState;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Test;

/** Nodes get new processes wave by wave, and those of before if they are bad. */
public class UpgradeRolloutsTest {

    private static final String OLD = "/opt/protoplex-1";
    private static final String NEW = "/opt/protoplex-2";
    private static final Map<String, String> TO_NEW =
            Map.of("node-1", NEW, "node-2", NEW, "node-3", NEW, "node-4", NEW);

    private SimulatedFleet world;

    @Before
    public void start() throws Exception {
        world = new SimulatedFleet();
        for (int i = 1; i <= 4; i++) {
            node(i).processes = new LinkFrame.Upgrades(true, List.of(), OLD);
        }
        world.connect(4);
    }

    private SimulatedNode node(int number) {
        return world.node("node-" + number);
    }

    private static RolloutPlan plan(int bake, String... waves) throws Exception {
        return RolloutPlan.of(List.of(waves), bake, Portion.ANY, 0, bake > 0 ? GateRule.STANDARD : GateRule.OFF);
    }

    private Deployment begin(RolloutPlan plan) throws Exception {
        Deployment begun = world.fleet.upgradeRollouts().begin(new UpgradeWish(false, TO_NEW, "ada"), plan);
        world.settle();
        return begun;
    }

    private Deployment now(Deployment begun) {
        return world.fleet.upgradeRollouts().find(begun.id()).orElseThrow();
    }

    private RolloutState state(Deployment begun) {
        return now(begun).rollout().state();
    }

    /** Which nodes were told, and how often. */
    private String told() {
        return String.join(
                ",",
                Stream.of(1, 2, 3, 4)
                        .map(each -> Integer.toString(node(each).upgrades.size()))
                        .toList());
    }

    /** The node does what it was told last. */
    private void ends(int number, String state, String reason) {
        SimulatedNode node = node(number);
        LinkFrame.Upgrade asked = node.upgrades.getLast();
        List<Upgraded> last = new ArrayList<>(node.processes.last());
        last.removeIf(each -> each.id().equals(asked.id()));
        last.addFirst(new Upgraded(asked.id(), state, reason, 2));
        boolean done = state.equals(Upgraded.DONE);
        node.processes = new LinkFrame.Upgrades(true, last, done ? asked.distribution() : node.processes.home());
        node.version = done && asked.distribution().equals(NEW) ? "0.2.0" : node.version;
        node.tell();
        world.settle();
    }

    private void done(int number) {
        ends(number, Upgraded.DONE, "");
    }

    @Test
    public void oneNodeAtATimeWaveByWave() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        assertEquals("1,0,0,0", told());
        assertEquals(NEW, node(1).upgrades.getFirst().distribution());
        ends(1, Upgraded.RUNNING, "");
        assertEquals("1,0,0,0", told());
        done(1);
        assertEquals("1,1,0,0", told());
        done(2);
        done(3);
        assertEquals("1,1,1,1", told());
        assertTrue(now(begun).state().open());
        done(4);
        assertEquals(RolloutState.DONE, state(begun));
        assertEquals("new processes serve on 4 of 4 nodes", now(begun).detail());
        node(1).disconnect();
        node(1).connect();
        world.settle();
        assertEquals("0.2.0", now(begun).to().version());
        assertEquals(
                List.of(begun.id()),
                world.fleet.upgradeRollouts().all().stream().map(Deployment::id).toList());
    }

    @Test
    public void asManyAtATimeAsMayMove() throws Exception {
        RolloutPlan two = new RolloutPlan(List.of(Wave.ONE, Wave.ALL), 0, new Portion(2, false), 0, GateRule.OFF);
        begin(two);
        assertEquals("1,0,0,0", told());
        done(1);
        assertEquals("1,1,1,0", told());
        node(4).disconnect();
        world.settle();
        done(2);
        assertEquals("node-4 is away, and one moves", "1,1,1,0", told());
        node(4).connect();
        world.settle();
        assertEquals("1,1,1,1", told());
    }

    /** Its old processes serve on; those that have new ones go back to where they came from. */
    @Test
    public void aNodeThatCannotStopsTheWaveAndAllGoBack() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        done(1);
        done(2);
        ends(3, Upgraded.FAILED, "no such option");
        assertEquals(RolloutState.RETURNING, state(begun));
        assertEquals("one at a time goes back, and node-4 is not told", "2,1,1,0", told());
        assertEquals(OLD, node(1).upgrades.getLast().distribution());
        done(1);
        assertEquals("2,2,1,0", told());
        done(2);
        assertEquals(RolloutState.REFUSED, state(begun));
        assertEquals(
                "node-3 was not upgraded: no such option. The processes of before serve",
                now(begun).detail());
        assertFalse(now(begun).remedy().isEmpty());
        assertEquals(OLD, node(2).processes.home());
    }

    @Test
    public void aNodeThatDiedKeepsNobodyFromGoingBack() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        done(1);
        done(2);
        ends(3, Upgraded.RUNNING, "");
        node(2).disconnect();
        world.pass(Duration.ofMinutes(3));
        assertEquals("1,1,1,0", told());
        ends(3, Upgraded.FAILED, "no such option");
        assertEquals(RolloutState.RETURNING, state(begun));
        assertEquals("2,1,1,0", told());
        done(1);
        assertEquals(RolloutState.REFUSED, state(begun));
    }

    /** No gate looks: then the number of those that may be missing does. */
    @Test
    public void aBuildWhoseNodesDieAfterItDoesNotGoOn() throws Exception {
        begin(plan(0, "canary", "100%"));
        done(1);
        done(2);
        node(2).disconnect();
        world.pass(Duration.ofMinutes(3));
        done(3);
        assertEquals("1,1,1,0", told().replaceAll("\\d\\d+", "1"));
    }

    @Test
    public void whoComesBackAfterAnAbortIsNotToldOfTheBuild() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        done(1);
        node(2).disconnect();
        operate(begun, RolloutEvent.ABORT);
        int before = node(2).upgrades.size();
        node(2).connect();
        world.pass(Duration.ofMinutes(1));
        assertEquals(
                List.of(),
                node(2).upgrades.stream()
                        .skip(before)
                        .filter(each -> NEW.equals(each.distribution()))
                        .toList());
    }

    /** What was replaced where it lies is there no more. */
    @Test
    public void whoHasNoWayBackKeepsWhatItHasAndIsNamed() throws Exception {
        Deployment begun =
                world.fleet.upgradeRollouts().begin(new UpgradeWish(false, Map.of(), "ada"), plan(0, "canary", "100%"));
        node(1).processes = new LinkFrame.Upgrades(
                true, List.of(new Upgraded(node(1).upgrades.getLast().id(), Upgraded.DONE, "", 2)), OLD);
        node(1).tell();
        world.settle();
        ends(2, Upgraded.FAILED, "no memory");
        assertEquals(RolloutState.REFUSED, state(begun));
        assertEquals("1,1,0,0", told());
        assertTrue(now(begun).detail(), now(begun).detail().contains("keep their new processes"));
        assertTrue(now(begun).detail(), now(begun).detail().endsWith(": node-1"));
    }

    @Test
    public void pausedPromotedAndGivenUp() throws Exception {
        Deployment begun = begin(plan(600, "canary", "50%", "100%"));
        done(1);
        assertEquals(RolloutState.BAKING, state(begun));
        world.pass(Duration.ofSeconds(20));
        assertEquals("1,0,0,0", told());
        operate(begun, RolloutEvent.PAUSE);
        FleetException twice = assertThrows(FleetException.class, () -> operate(begun, RolloutEvent.PAUSE));
        assertTrue(twice.remedy(), twice.remedy().contains("rollout resume " + begun.id()));
        operate(begun, RolloutEvent.RESUME);
        assertEquals("it bakes anew", RolloutState.BAKING, state(begun));
        operate(begun, RolloutEvent.PROMOTE);
        assertEquals("1,1,0,0", told());
        FleetException second = assertThrows(FleetException.class, () -> begin(plan(0, "100%")));
        assertTrue(second.getMessage(), String.valueOf(second.getMessage()).contains("by ada"));
        operate(begun, RolloutEvent.ABORT);
        assertEquals("node-2 ends what it has begun first", RolloutState.RETURNING, state(begun));
        done(2);
        done(1);
        done(2);
        assertEquals(RolloutState.REFUSED, state(begun));
        assertTrue(now(begun).detail(), now(begun).detail().startsWith("it was ABORT"));
        assertThrows(FleetException.class, () -> operate(begun, RolloutEvent.ABORT));
    }

    private void operate(Deployment begun, RolloutEvent event) throws Exception {
        assertTrue(world.fleet
                .upgradeRollouts()
                .operate(begun.id(), event, event.name())
                .isPresent());
        world.settle();
    }

    @Test
    public void theBakeTimeEndsByItselfAndANodeThatIsNotWellEndsAll() throws Exception {
        Deployment begun = begin(plan(60, "canary", "2", "100%"));
        done(1);
        world.pass(Duration.ofSeconds(61));
        assertEquals("1,1,0,0", told());
        done(2);
        node(2).health = new LinkFrame.Health("UNHEALTHY", "a child crashes again and again", "", 0);
        node(2).tell();
        world.settle();
        assertEquals(RolloutState.RETURNING, state(begun));
        assertTrue(now(begun).detail(), now(begun).detail().contains("crashes again and again"));
    }

    /** The Seed's own process is among those that are replaced. */
    @Test
    public void aSeedThatRestartsGoesOnAndTellsNobodyTwice() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        done(1);
        assertEquals("1,1,0,0", told());
        String id = node(2).upgrades.getFirst().id();
        FleetData before = world.saved.getLast();
        world.restart(before);
        world.settle();
        assertEquals(RolloutState.MOVING, state(begun));
        world.pass(Duration.ofSeconds(5));
        assertEquals("it was told a moment ago", "1,1,0,0", told());
        world.pass(Duration.ofSeconds(10));
        assertEquals("it may not have heard", id, node(2).upgrades.getLast().id());
        ends(2, Upgraded.RUNNING, "");
        int told = node(2).upgrades.size();
        world.pass(Duration.ofSeconds(60));
        assertEquals("it has heard", told, node(2).upgrades.size());
        done(2);
        done(3);
        done(4);
        assertEquals(RolloutState.DONE, state(begun));
    }

    @Test
    public void nobodyHearsOfWhatIsNotDurable() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        world.diskFull = true;
        done(1);
        assertEquals("1,0,0,0", told());
        world.diskFull = false;
        world.pass(Duration.ofSeconds(1));
        assertEquals("1,1,0,0", told());
        assertEquals(NodeState.DONE, now(begun).nodes().get("node-1").state());
    }

    @Test
    public void whoIsAwayIsLeftOutAndWhoIsSilentIsNot() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        node(4).disconnect();
        world.settle();
        done(1);
        world.pass(Duration.ofSeconds(10));
        assertEquals("it may come back", "1,0,0,0", told());
        world.pass(Duration.ofSeconds(30));
        done(2);
        done(3);
        world.pass(Duration.ofSeconds(1));
        assertEquals(RolloutState.DONE, state(begun));
        assertTrue(
                now(begun).detail(), now(begun).detail().endsWith("3 of 4 nodes; away, and left as they are: node-4"));
    }

    @Test
    public void whatNobodySaysTheEndOfIsGivenUp() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        ends(1, Upgraded.RUNNING, "");
        world.pass(Duration.ofMinutes(6).plusSeconds(2));
        assertEquals(RolloutState.REFUSED, state(begun));
        assertTrue(now(begun).detail(), now(begun).detail().contains("nothing is heard of how it goes on"));
    }

    @Test
    public void wavesOfNobodyBeginNothing() throws Exception {
        assertThrows(FleetException.class, () -> begin(plan(0, "region:mars", "100%")));
        for (int i = 1; i <= 4; i++) {
            node(i).processes = LinkFrame.Upgrades.NONE;
            node(i).tell();
        }
        world.settle();
        FleetException nobody = assertThrows(FleetException.class, () -> begin(plan(0, "100%")));
        assertTrue(nobody.getMessage(), String.valueOf(nobody.getMessage()).contains("can be replaced"));
        assertEquals(List.of(), world.fleet.data().upgrades());
        assertEquals("0,0,0,0", told());
    }

    /** Of what was before it began nobody could tell it. */
    @Test
    public void aSeedThatWasAwayForLongJudgesNobodyBeforeTheyAreBack() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        done(1);
        ends(2, Upgraded.RUNNING, "");
        FleetData before = world.saved.getLast();
        world.now = world.now.plus(Duration.ofMinutes(20));
        world.restart(before, "node-1");
        world.settle();
        world.pass(Duration.ofSeconds(10));
        assertEquals(RolloutState.MOVING, state(begun));
        List.of("node-2", "node-3", "node-4").forEach(name -> world.node(name).connect());
        world.settle();
        done(2);
        assertEquals(RolloutState.MOVING, state(begun));
        assertEquals(NodeState.DONE, now(begun).nodes().get("node-2").state());
        assertEquals(1, node(3).upgrades.size());
    }

    @Test
    public void whoSaysTooLateThatItHasNewProcessesGoesBackToo() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        done(1);
        ends(2, Upgraded.RUNNING, "");
        world.pass(Duration.ofMinutes(6).plusSeconds(2));
        assertEquals(RolloutState.RETURNING, state(begun));
        done(2);
        done(1);
        assertEquals(RolloutState.RETURNING, state(begun));
        assertEquals(OLD, node(2).upgrades.getLast().distribution());
        done(2);
        assertEquals(RolloutState.REFUSED, state(begun));
        assertTrue(now(begun).detail(), now(begun).detail().endsWith("The processes of before serve"));
    }

    @Test
    public void whoIsBackAfterTheEndGoesBackToo() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        done(1);
        done(2);
        node(1).disconnect();
        world.pass(Duration.ofSeconds(31));
        ends(3, Upgraded.RUNNING, "");
        world.pass(Duration.ofMinutes(6).plusSeconds(2));
        done(2);
        assertEquals(RolloutState.REFUSED, state(begun));
        assertTrue(now(begun).detail(), now(begun).detail().contains("are away: node-1"));
        assertTrue(now(begun).detail(), now(begun).detail().contains("Nobody knows what these run: node-3"));
        node(1).connect();
        world.settle();
        world.pass(Duration.ofSeconds(1));
        assertEquals(OLD, node(1).upgrades.getLast().distribution());
        assertTrue(now(begun).detail(), now(begun).detail().contains("now that they are here: node-1"));
        done(1);
        done(3);
        world.pass(Duration.ofSeconds(2));
        assertEquals(OLD, node(3).upgrades.getLast().distribution());
        done(3);
        world.pass(Duration.ofSeconds(1));
        assertTrue(now(begun).detail(), now(begun).detail().endsWith("The processes of before serve"));
        int told = node(3).upgrades.size() + node(1).upgrades.size();
        world.pass(Duration.ofMinutes(1));
        assertEquals(
                "nobody is told again",
                told,
                node(3).upgrades.size() + node(1).upgrades.size());
    }

    /** What an operator does by hand after it counts more than what it wants to mend. */
    @Test
    public void whoWasReplacedByHandAfterTheEndIsLeftAlone() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        done(1);
        node(1).disconnect();
        world.pass(Duration.ofSeconds(31));
        ends(2, Upgraded.FAILED, "no memory");
        operateIfOpen(begun);
        assertEquals(RolloutState.REFUSED, state(begun));
        node(1).processes = new LinkFrame.Upgrades(true, List.of(new Upgraded("hand", Upgraded.DONE, "", 1)), NEW);
        int told = node(1).upgrades.size();
        node(1).connect();
        world.settle();
        world.pass(Duration.ofSeconds(20));
        assertEquals(told, node(1).upgrades.size());
    }

    private void operateIfOpen(Deployment begun) throws Exception {
        if (state(begun) != RolloutState.REFUSED) {
            operate(begun, RolloutEvent.ABORT);
        }
    }

    @Test
    public void aNodesOwnReasonIsToldHoweverLateItComes() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        node(1).disconnect();
        world.settle();
        world.now = world.now.plus(Duration.ofMinutes(7));
        SimulatedNode node = node(1);
        node.processes = new LinkFrame.Upgrades(
                true, List.of(new Upgraded(node.upgrades.getLast().id(), Upgraded.FAILED, "no such option", 2)), OLD);
        node.connect();
        world.settle();
        assertEquals(RolloutState.REFUSED, state(begun));
        assertTrue(now(begun).detail(), now(begun).detail().contains("no such option"));
    }

    @Test
    public void anUpgradeByHandAndOneInWavesAreKeptApart() throws Exception {
        begin(plan(0, "canary", "100%"));
        FleetException refused =
                assertThrows(FleetException.class, () -> world.fleet.upgrades().upgrade("node-4", true, ""));
        assertTrue(refused.remedy(), refused.remedy().contains("rollout abort 1"));
        assertEquals("1,0,0,0", told());
    }

    @Test
    public void noWavesBeginWhereOneIsReplacedByHand() throws Exception {
        world.fleet.upgrades().upgrade("node-2", true, "");
        ends(2, Upgraded.RUNNING, "");
        FleetException refused = assertThrows(FleetException.class, () -> begin(plan(0, "100%")));
        assertTrue(refused.getMessage(), String.valueOf(refused.getMessage()).contains("node-2 is under way"));
    }

    @Test
    public void aDistributionForANodeThatIsNotThereIsRefused() {
        FleetException refused = assertThrows(
                FleetException.class,
                () -> world.fleet
                        .upgradeRollouts()
                        .begin(new UpgradeWish(false, Map.of("nod-1", NEW), "ada"), plan(0, "100%")));
        assertTrue(refused.getMessage(), String.valueOf(refused.getMessage()).contains("node nod-1"));
        assertEquals(List.of(), world.fleet.data().upgrades());
    }

    @Test
    public void aResultIsSaidOnceHoweverLongTheDiskIsFull() throws Exception {
        Deployment begun = begin(plan(0, "canary", "100%"));
        world.diskFull = true;
        done(1);
        world.pass(Duration.ofSeconds(5));
        world.diskFull = false;
        world.pass(Duration.ofSeconds(1));
        long said = world.fleet.upgradeRollouts().log(begun.id()).orElseThrow().from(0, 0).stream()
                .filter(line -> line.step().equals("RESULT") && line.node().equals("node-1"))
                .count();
        assertEquals(1, said);
    }
}
