package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.Frame;
import com.espra.protoplex.seed.core.Deployment.NodeState;
import com.espra.protoplex.seed.core.Deployment.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;

public class FleetTest {

    private SimulatedFleet world;
    private String v1 = "";
    private String v2 = "";

    @Before
    public void start() throws IOException {
        world = new SimulatedFleet();
        v1 = world.build("hello", "1.0.0");
        v2 = world.build("hello", "1.0.1");
    }

    private Deployment push(String digest) throws Exception {
        Deployment begun = world.fleet.deployments().deploy("hello", digest, false, "me");
        world.settle();
        return world.fleet.deployments().find(begun.id()).orElseThrow();
    }

    private Deployment now(Deployment deployment) {
        return world.fleet.deployments().find(deployment.id()).orElseThrow();
    }

    private void everywhere(String digest) {
        world.nodes.values().forEach(node -> assertEquals(node.name, digest, node.serves.getOrDefault("hello", "")));
    }

    @Test
    public void aPushIsDoneWhenEveryNodeServes() throws Exception {
        world.connect(3);
        Deployment done = push(v1);
        assertEquals(State.DONE, done.state());
        assertEquals("hello 1.0.0 serves on 3 of 3 nodes", done.detail());
        assertEquals(5, done.nodes().get("node-2").flipMicros());
        everywhere(v1);
        assertEquals(1, world.ended);
    }

    @Test
    public void theDesiredStateIsDurableBeforeANodeHears() throws Exception {
        world.connect(1);
        world.fleet.deployments().deploy("hello", v1, false, "");
        assertEquals(
                "nothing has been delivered yet",
                0,
                world.node("node-1").accepted.sequence());
        assertEquals(v1, world.saved.getLast().app("hello").desired().digest());
    }

    @Test
    public void whenItCannotBeMadeDurableNothingHappens() throws Exception {
        world.connect(1);
        world.diskFull = true;
        assertThrows(IOException.class, () -> world.fleet.deployments().deploy("hello", v1, false, ""));
        world.settle();
        everywhere("");
        world.diskFull = false;
        assertEquals(State.DONE, push(v1).state());
    }

    @Test
    public void oneRefusalTurnsAllBack() throws Exception {
        world.connect(3);
        push(v1);
        world.node("node-2").refuses.put(v2, "no package com.example.missing");
        Deployment refused = push(v2);
        assertEquals(State.REFUSED, refused.state());
        assertEquals(
                "node-2 refused hello 1.0.1: no package com.example.missing. hello 1.0.0 still serves on 3 of 3 nodes",
                refused.detail());
        assertEquals(NodeState.REFUSED, refused.nodes().get("node-2").state());
        everywhere(v1);
        assertEquals(v1, world.fleet.data().app("hello").desired().digest());
        assertEquals(
                "the next push is none the worse",
                State.DONE,
                push(world.build("hello", "1.0.2")).state());
    }

    @Test
    public void aFirstPushThatIsRefusedLeavesNothing() throws Exception {
        world.connect(2);
        world.node("node-1").refuses.put(v1, "broken");
        Deployment refused = push(v1);
        assertEquals(State.REFUSED, refused.state());
        assertTrue(refused.detail(), refused.detail().endsWith("Nothing served before, so hello is absent again"));
        everywhere("");
    }

    @Test
    public void whoDoesNotAnswerHasRefused() throws Exception {
        world.connect(2);
        push(v1);
        world.node("node-1").mute = true;
        Deployment waiting = push(v2);
        assertEquals(State.MOVING, waiting.state());
        world.pass(Duration.ofSeconds(waiting.patienceSeconds() - 1));
        assertEquals(State.MOVING, now(waiting).state());
        world.node("node-1").mute = false;
        world.pass(Duration.ofSeconds(1));
        assertEquals(State.REFUSED, now(waiting).state());
        assertTrue(now(waiting).detail(), now(waiting).detail().contains("no answer within 40 s"));
        everywhere(v1);
    }

    @Test
    public void aNodeThatComesBackInTimeIsWaitedFor() throws Exception {
        world.connect(2);
        push(v1);
        world.node("node-1").disconnect();
        world.node("node-1").dead = false;
        Deployment begun = world.fleet.deployments().deploy("hello", v2, false, "");
        world.settle();
        world.pass(Duration.ofSeconds(5));
        assertEquals(NodeState.AWAY, now(begun).nodes().get("node-1").state());
        world.node("node-1").connect();
        world.settle();
        world.pass(Duration.ofSeconds(2));
        assertEquals(State.DONE, now(begun).state());
        everywhere(v2);
    }

    @Test
    public void aNodeThatStaysAwayTurnsAllBackAndConvergesLater() throws Exception {
        world.connect(2);
        push(v1);
        world.node("node-1").mute = true;
        Deployment begun = push(v2);
        world.node("node-1").disconnect();
        world.settle();
        world.pass(Progress.AWAY_GRACE.plusSeconds(1));
        assertEquals(State.REFUSED, now(begun).state());
        assertTrue(now(begun).detail(), now(begun).detail().contains("node-1"));
        String v3 = world.build("hello", "1.0.3");
        assertEquals("1 of 1", "hello 1.0.3 serves on 1 of 1 nodes", push(v3).detail());
        world.node("node-1").mute = false;
        world.node("node-1").connect();
        world.settle();
        everywhere(v3);
    }

    @Test
    public void nobodyThereIsNoFailure() throws Exception {
        Deployment done = push(v1);
        assertEquals(State.DONE, done.state());
        assertEquals("hello 1.0.0 serves on 0 of 0 nodes; it will serve when a node joins", done.detail());
        world.connect(1);
        everywhere(v1);
    }

    @Test
    public void whatServesAlreadyIsNotMoved() throws Exception {
        world.connect(2);
        push(v1);
        long sequence = world.fleet.data().sequence();
        Deployment again = push(v1);
        assertEquals(State.DONE, again.state());
        assertEquals("hello 1.0.0 already serves on 2 of 2 nodes", again.detail());
        assertEquals(sequence, world.fleet.data().sequence());
    }

    @Test
    public void pushingAgainMakesANodeTryAgain() throws Exception {
        world.connect(1);
        push(v1);
        world.node("node-2").refuses.put(v1, "its disk is full");
        world.node("node-2").connect();
        world.settle();
        assertEquals(
                "its disk is full", world.fleet.nodes().get("node-2").problems().get("hello"));
        assertEquals(State.REFUSED, push(v1).state());
        assertEquals("who serves goes on", v1, world.node("node-1").serves.get("hello"));
        world.node("node-2").refuses.clear();
        Deployment again = push(v1);
        world.pass(Duration.ofSeconds(2));
        assertEquals(State.DONE, now(again).state());
        everywhere(v1);
        assertTrue(world.fleet.nodes().get("node-2").problems().isEmpty());
    }

    @Test
    public void oneDeploymentOfAnAppAtATime() throws Exception {
        world.connect(1);
        Deployment first = world.fleet.deployments().deploy("hello", v1, false, "ada@laptop");
        FleetException second = assertThrows(
                FleetException.class, () -> world.fleet.deployments().deploy("hello", v2, false, "bob"));
        assertEquals(FleetException.Kind.CONFLICT, second.kind());
        assertEquals(first.id(), second.deployment());
        assertTrue(second.getMessage(), second.getMessage().contains("ada@laptop"));
        String other = world.build("other", "1.0.0");
        Deployment beside = world.fleet.deployments().deploy("other", other, false, "");
        world.settle();
        assertEquals(State.DONE, now(first).state());
        assertEquals("another app does not wait", State.DONE, now(beside).state());
    }

    @Test
    public void anOlderVersionIsForRollBacks() throws Exception {
        world.connect(1);
        push(v2);
        FleetException older = assertThrows(
                FleetException.class, () -> world.fleet.deployments().deploy("hello", v1, false, ""));
        assertEquals("if that is meant: ./protoplex rollback hello 1.0.0", older.remedy());
        Deployment meant = world.fleet.deployments().deploy("hello", v1, true, "");
        world.settle();
        assertEquals(State.DONE, now(meant).state());
        everywhere(v1);
    }

    @Test
    public void aReleaseFollowsTheWorkOnIt() throws Exception {
        world.connect(1);
        push(world.build("hello", "1.0.0.dev-1"));
        push(world.build("hello", "1.0.0.dev-2"));
        assertEquals("hello 1.0.0 serves on 1 of 1 nodes", push(v1).detail());
        String again = world.build("hello", "1.0.0.dev-3");
        assertEquals(State.DONE, push(again).state());
        push(v2);
        assertThrows(FleetException.class, () -> push(world.build("hello", "1.0.0.dev-4")));
    }

    @Test
    public void rollBacksGoBackStepByStepAndOverWhatWasBad() throws Exception {
        world.connect(1);
        String v3 = world.build("hello", "1.0.2");
        String bad = world.build("hello", "1.0.3");
        push(v1);
        push(v2);
        push(v3);
        world.node("node-1").refuses.put(bad, "bad");
        push(bad);
        world.fleet.deployments().rollBack("hello", Optional.empty(), "");
        world.settle();
        everywhere(v2);
        world.fleet.deployments().rollBack("hello", Optional.empty(), "");
        world.settle();
        everywhere(v1);
        FleetException end = assertThrows(
                FleetException.class, () -> world.fleet.deployments().rollBack("hello", Optional.empty(), ""));
        assertEquals(FleetException.Kind.NOT_FOUND, end.kind());
        world.fleet.deployments().rollBack("hello", Optional.of(v3), "");
        world.settle();
        everywhere(v3);
    }

    @Test
    public void aRemovalCanBeRolledBack() throws Exception {
        world.connect(2);
        push(v1);
        Deployment removal = world.fleet.deployments().remove("hello", "");
        world.settle();
        assertEquals("hello is removed from 2 of 2 nodes", now(removal).detail());
        everywhere("");
        assertThrows(FleetException.class, () -> world.fleet.deployments().remove("hello", ""));
        world.fleet.deployments().rollBack("hello", Optional.empty(), "");
        world.settle();
        everywhere(v1);
    }

    @Test
    public void onlyNodesWithTheRoleGetApps() throws Exception {
        world.connect(1);
        world.node("files-1").connect(Frame.PROTOCOL, Set.of("fileserver"));
        world.settle();
        assertEquals("hello 1.0.0 serves on 1 of 1 nodes", push(v1).detail());
        assertFalse(world.node("files-1").serves.containsKey("hello"));
    }

    @Test
    public void anotherVersionOfTheProtocolIsTurnedAway() {
        world.node("old").connect(Frame.PROTOCOL + 1, Set.of("app"));
        world.settle();
        assertEquals(Closing.VERSION, world.node("old").closed);
        assertTrue(world.fleet.nodes().isEmpty());
    }

    @Test
    public void aNewerLinkOfANodeReplacesTheOlder() throws Exception {
        SimulatedFleet.SimulatedNode older = world.node("node-1");
        older.connect();
        world.settle();
        world.nodes.remove("node-1");
        world.node("node-1").connect();
        world.settle();
        assertEquals(Closing.REPLACED, older.closed);
        world.fleet.left(older);
        assertTrue(
                "the older link's end is not the node's",
                world.fleet.nodes().get("node-1").connected());
        assertEquals("hello 1.0.0 serves on 1 of 1 nodes", push(v1).detail());
    }

    @Test
    public void aSilentNodeIsOut() {
        world.connect(2);
        world.node("node-1").dead = true; // no answer to pings any more
        world.pass(NodeRegistry.SILENCE.plusSeconds(12));
        assertFalse(world.fleet.nodes().get("node-1").connected());
        assertTrue(world.fleet.nodes().get("node-2").connected());
        assertEquals(Closing.SILENT, world.node("node-1").closed);
    }

    /** A crash of the Seed at any moment: whatever was saved last, the fleet ends in one state, and the deployment ends. */
    @Test
    public void aRestartInTheMiddleHasADefinedEnd() throws Exception {
        for (boolean bad : new boolean[] {false, true}) {
            List<FleetData> crashes = run(bad).saved;
            assertTrue("there is a moment to crash at: " + crashes.size(), crashes.size() > 4);
            for (int i = 0; i < crashes.size(); i++) {
                for (int delivered = 0; delivered < 3; delivered++) {
                    crashAt(bad, crashes.get(i), delivered, "bad " + bad + ", state " + i + ", delivered " + delivered);
                }
            }
        }
    }

    private SimulatedFleet run(boolean bad) throws Exception {
        SimulatedFleet run = new SimulatedFleet();
        run.builds.putAll(world.builds);
        run.connect(3);
        run.fleet.deployments().deploy("hello", v1, false, "");
        run.settle();
        if (bad) {
            run.node("node-3").refuses.put(v2, "bad");
        }
        run.fleet.deployments().deploy("hello", v2, false, "");
        run.settle();
        run.pass(Duration.ofSeconds(2));
        return run;
    }

    private void crashAt(boolean bad, FleetData found, int nodesThatMoved, String where) throws Exception {
        SimulatedFleet after = new SimulatedFleet();
        after.builds.putAll(world.builds);
        String served = found.app("hello").good().isEmpty() ? "" : v1;
        for (int i = 1; i <= 3; i++) {
            SimulatedFleet.SimulatedNode node = after.node("node-" + i);
            String desired = found.app("hello").desired().digest();
            node.accepted = after.key.seal(
                    found.sequence(),
                    found.changed().toEpochMilli(),
                    desired.isEmpty() ? Map.of() : Map.of("hello", desired));
            String moved = bad && i == 3 && desired.equals(v2) ? v1 : desired;
            node.serves.put("hello", i <= nodesThatMoved ? moved : served);
            node.serves.values().remove("");
            if (bad && i == 3) {
                node.refuses.put(v2, "bad");
            }
        }
        after.restart(found);
        after.settle();
        after.pass(Duration.ofSeconds(120));
        List<String> states = new ArrayList<>();
        after.fleet.data().deployments().forEach(each -> states.add(each.state().name()));
        assertFalse(where + ": " + states, states.contains("MOVING") || states.contains("RETURNING"));
        String desired = after.fleet.data().app("hello").desired().digest();
        assertFalse(where + ": a bad build is desired", bad && desired.equals(v2));
        after.nodes
                .values()
                .forEach(node -> assertEquals(where + " " + node.name, desired, node.serves.getOrDefault("hello", "")));
    }

    @Test
    public void afterARestartNodesThatNeverComeBackTurnItBack() throws Exception {
        world.connect(2);
        push(v1);
        Deployment begun = world.fleet.deployments().deploy("hello", v2, false, "");
        SimulatedFleet after = new SimulatedFleet(world.saved.getLast());
        after.builds.putAll(world.builds);
        after.pass(Duration.ofSeconds(120));
        assertEquals(
                State.REFUSED,
                after.fleet.deployments().find(begun.id()).orElseThrow().state());
        assertEquals(v1, after.fleet.data().app("hello").desired().digest());
    }

    @Test
    public void neededBuildsAreThoseInUse() throws Exception {
        world.connect(2);
        push(v1);
        push(v2);
        String v3 = world.build("hello", "1.0.2");
        push(v3);
        assertEquals("desired and the way back", Set.of(v3, v2), world.fleet.needed());
        world.node("node-1").mute = true;
        String v4 = world.build("hello", "1.0.3");
        push(v4);
        assertEquals(Set.of(v4, v3), world.fleet.needed());
    }

    @Test
    public void thousandsOfNodesMoveTogether() throws Exception {
        int count = 5000;
        world.connect(count);
        push(v1);
        everywhere(v1);
        world.node("node-4321").refuses.put(v2, "bad");
        Deployment refused = push(v2);
        assertEquals(State.REFUSED, refused.state());
        assertTrue(refused.detail(), refused.detail().contains("node-4321 refused hello 1.0.1: bad"));
        assertTrue("what is kept is bounded", now(refused).nodes().size() <= 100);
        assertTrue(now(refused).nodes().containsKey("node-4321"));
        everywhere(v1);
    }

    @Test
    public void anUpgradeIsForwardedToItsNodeAlone() throws Exception {
        world.connect(2);
        world.node("node-1").tell(true);
        String id = world.fleet.upgrades().upgrade("node-1", true, "/opt/protoplex/2.0");
        assertEquals(List.of(new Frame.Upgrade(id, true, "/opt/protoplex/2.0")), world.node("node-1").upgrades);
        assertEquals(List.of(), world.node("node-2").upgrades);
        assertFalse(
                "it knows only what the node tells",
                world.fleet.nodes().get("node-1").isUpgrading());

        Frame.Upgraded running = new Frame.Upgraded(id, Frame.Upgraded.RUNNING, "", 0);
        world.node("node-1").tell(true, running);
        refused("under way", "node-1");
        Frame.Upgraded done = new Frame.Upgraded(id, Frame.Upgraded.DONE, "", 2.5);
        world.node("node-1").tell(true, done);
        assertEquals(List.of(done), world.fleet.nodes().get("node-1").upgrades().last());
        assertFalse(id.equals(world.fleet.upgrades().upgrade("node-1", false, "")));
    }

    @Test
    public void whoCannotBeUpgradedIsNotTold() throws Exception {
        assertEquals(FleetException.Kind.NOT_FOUND, refused("no node", "node-9").kind());
        world.connect(1);
        refused("one process", "node-1");
        world.node("node-1").tell(true);
        world.node("node-1").full = true;
        refused("not connected", "node-1");
        world.node("node-1").full = false;
        world.node("node-1").disconnect();
        world.settle();
        refused("not connected", "node-1");
        assertEquals(List.of(), world.node("node-1").upgrades);
    }

    @Test
    public void aNodeThatHasOnlySaidHelloDecidesItself() throws Exception {
        world.node("node-1").connect();
        world.wire.remove().run();
        world.fleet.upgrades().upgrade("node-1", false, "");
        assertEquals(1, world.node("node-1").upgrades.size());
    }

    private FleetException refused(String why, String node) {
        FleetException refusal =
                assertThrows(FleetException.class, () -> world.fleet.upgrades().upgrade(node, false, ""));
        assertTrue(refusal.getMessage(), String.valueOf(refusal.getMessage()).contains(why));
        assertFalse(refusal.remedy().isEmpty());
        return refusal;
    }
}
