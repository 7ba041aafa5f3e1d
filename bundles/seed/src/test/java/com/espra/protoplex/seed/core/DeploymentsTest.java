package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.deploy.DeploymentLog;
import com.espra.protoplex.seed.deploy.DeploymentProgress;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.NodeState;
import com.espra.protoplex.seed.state.Deployment.State;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;

/** The moves of a fleet from build to build. */
public class DeploymentsTest {

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
        return world.push("hello", digest);
    }

    private void everywhere(String digest) {
        assertFalse("there are nodes", world.nodes.isEmpty());
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
        FleetData before = world.fleet.data();
        world.diskFull = true;
        assertThrows(IOException.class, () -> world.fleet.deployments().deploy("hello", v1, false, ""));
        assertEquals(before, world.fleet.data());
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
    public void whatEndsANodeSoonAfterItServedIsTakenBackEverywhere() throws Exception {
        world.connect(3);
        push(v1);
        push(v2);
        everywhere(v2);
        fatal("node-2", v2);

        everywhere(v1);
        assertEquals(v1, world.fleet.data().app("hello").desired().digest());
        Deployment back = world.fleet.data().deployments().getFirst();
        assertEquals(Deployment.Kind.ROLLBACK, back.kind());
        assertEquals(State.DONE, back.state());
        assertEquals("the Seed", back.by());
        assertEquals(
                "hello 1.0.1 is taken back: node-2 says: it called System.exit. hello 1.0.0 serves on 3 of 3 nodes",
                back.detail());
        fatal("node-2", v2);
        assertEquals("once", back, world.fleet.data().deployments().getFirst());
    }

    @Test
    public void whatHasNothingBeforeItIsNotTakenBack() throws Exception {
        world.connect(2);
        push(v1);
        fatal("node-2", v1);

        everywhere(v1);
        assertEquals(1, world.fleet.data().deployments().size());
    }

    private void fatal(String node, String digest) {
        long sequence = world.fleet.data().sequence();
        world.fleet.received(
                world.node(node),
                new LinkFrame.Result(sequence, "hello", digest, false, "it called System.exit", 0, true));
        world.settle();
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
        assertEquals(State.MOVING, world.now(waiting).state());
        world.node("node-1").mute = false;
        world.pass(Duration.ofSeconds(1));
        assertEquals(State.REFUSED, world.now(waiting).state());
        assertTrue(world.now(waiting).detail(), world.now(waiting).detail().contains("no answer within 40 s"));
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
        assertEquals(NodeState.AWAY, world.now(begun).nodes().get("node-1").state());
        world.node("node-1").connect();
        world.settle();
        world.pass(Duration.ofSeconds(2));
        assertEquals(State.DONE, world.now(begun).state());
        everywhere(v2);
    }

    @Test
    public void whatANodeShowedBeforeItWasLostIsNoAnswer() throws Exception {
        world.connect(2);
        push(v1);
        SimulatedFleet.SimulatedNode node = world.node("node-1");
        node.mute = true;
        Deployment begun = push(v2);
        node.accepted = node.told.getLast();
        node.serves.put("hello", v2);
        node.tell();
        world.settle();
        node.disconnect();
        world.settle();
        world.pass(Duration.ofSeconds(5));
        assertEquals(State.MOVING, world.now(begun).state());
        assertEquals(NodeState.AWAY, world.now(begun).nodes().get("node-1").state());

        node.mute = false;
        node.connect();
        world.pass(Duration.ofSeconds(5));
        assertEquals(State.DONE, world.now(begun).state());
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
        world.pass(DeploymentProgress.AWAY_GRACE.plusSeconds(1));
        assertEquals(State.REFUSED, world.now(begun).state());
        assertTrue(world.now(begun).detail(), world.now(begun).detail().contains("node-1"));
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
        int saves = world.saved.size();
        Deployment again = push(v1);
        assertEquals("it is saved once, as done", saves + 1, world.saved.size());
        assertEquals(State.DONE, again.state());
        assertEquals("hello 1.0.0 already serves on 2 of 2 nodes", again.detail());
        assertEquals(sequence, world.fleet.data().sequence());
    }

    @Test
    public void whatGoesOnKeepsItsLogHoweverManyEndMeanwhile() throws Exception {
        world.connect(1);
        Deployment open = world.fleet.deployments().deploy("hello", v1, false, "");
        world.node("node-1").disconnect();
        world.settle();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            others.add(world.push("other", world.build("other", "1.0." + i)).id());
        }
        assertEquals(State.MOVING, world.now(open).state());
        DeploymentLog log = world.fleet.deployments().log(open.id()).orElseThrow();
        assertFalse(log.ended());
        assertEquals(
                "what has ended is bounded",
                Optional.empty(),
                world.fleet.deployments().log(others.getFirst()));
        assertTrue(world.fleet.deployments().log(others.getLast()).orElseThrow().ended());
        world.pass(DeploymentProgress.AWAY_GRACE);
        assertEquals(State.REFUSED, world.now(open).state());
        assertTrue(log.ended());
        assertEquals(
                "it stays for a while",
                Optional.of(log),
                world.fleet.deployments().log(open.id()));
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
        assertEquals(State.DONE, world.now(again).state());
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
        assertEquals(State.DONE, world.now(first).state());
        assertEquals("another app does not wait", State.DONE, world.now(beside).state());
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
        assertEquals(State.DONE, world.now(meant).state());
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
        assertEquals("hello is removed from 2 of 2 nodes", world.now(removal).detail());
        everywhere("");
        assertThrows(FleetException.class, () -> world.fleet.deployments().remove("hello", ""));
        world.fleet.deployments().rollBack("hello", Optional.empty(), "");
        world.settle();
        everywhere(v1);
    }

    @Test
    public void onlyNodesWithTheRoleGetApps() throws Exception {
        world.connect(1);
        world.node("files-1").connect(LinkFrame.PROTOCOL, Set.of("fileserver"));
        world.settle();
        assertEquals("hello 1.0.0 serves on 1 of 1 nodes", push(v1).detail());
        assertFalse(world.node("files-1").serves.containsKey("hello"));
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
        assertTrue("what is kept is bounded", world.now(refused).nodes().size() <= 100);
        assertTrue(world.now(refused).nodes().containsKey("node-4321"));
        everywhere(v1);
    }

    private boolean heardOf(String node, String digest) {
        return world.node(node).told.stream().anyMatch(told -> told.units().containsValue(digest));
    }

    @Test
    public void oneNodeTriesANewBuildAndTheOthersNeverHearOfWhatItRefuses() throws Exception {
        world.connect(3);
        push(v1);
        world.node("node-1").refuses.put(v2, "it ended the process");
        Deployment refused = push(v2);
        assertEquals(
                "node-1 refused hello 1.0.1: it ended the process. hello 1.0.0 still serves on 3 of 3 nodes",
                refused.detail());
        assertTrue(heardOf("node-1", v2));
        assertFalse(heardOf("node-2", v2) || heardOf("node-3", v2));
        everywhere(v1);
    }

    @Test
    public void theOthersHearWhenTheFirstOneServes() throws Exception {
        world.connect(2);
        world.node("node-1").mute = true;
        Deployment trying = push(v1);
        assertEquals(State.MOVING, trying.state());
        assertFalse(heardOf("node-2", v1));
        world.node("node-3").connect();
        world.settle();
        assertFalse("nor does one that joins meanwhile", heardOf("node-3", v1));
        world.node("node-1").mute = false;
        world.node("node-1").disconnect();
        world.node("node-1").connect();
        world.settle();
        assertEquals("hello 1.0.0 serves on 3 of 3 nodes", world.now(trying).detail());
        everywhere(v1);
    }

    @Test
    public void ratherNotTheNodeOfTheSeedTries() throws Exception {
        world.node("node-1").connect(LinkFrame.PROTOCOL, Set.of("app", "seed"));
        world.node("node-2").connect();
        world.settle();
        world.node("node-2").mute = true;
        push(v1);
        assertTrue(heardOf("node-2", v1));
        assertFalse(heardOf("node-1", v1));
    }

    @Test
    public void aTrialGoesOnAfterARestartOfTheSeed() throws Exception {
        world.connect(2);
        push(v1);
        world.node("node-1").mute = true;
        Deployment trying = push(v2);
        world.node("node-1").accepted = world.node("node-1").told.getLast();
        world.restart(world.saved.getLast());
        world.settle();
        assertEquals(
                "what is tried is not taken for the word of a later Seed",
                v1,
                world.fleet.data().app("hello").desired().digest());
        assertEquals(State.MOVING, world.now(trying).state());
        assertFalse(heardOf("node-2", v2));
        world.node("node-1").mute = false;
        world.node("node-1").disconnect();
        world.node("node-1").connect();
        world.settle();
        world.pass(Duration.ofSeconds(3));
        assertEquals(State.DONE, world.now(trying).state());
        everywhere(v2);
    }

    @Test
    public void whoIsDeafHoldsNobodyUpAndMovesWhenItIsBack() throws Exception {
        world.connect(3);
        push(v1);
        SimulatedFleet.SimulatedNode deaf = world.node("node-3");
        deaf.dead = true; // its connection is open, and it says nothing
        Deployment begun = push(v2);
        assertEquals(State.MOVING, begun.state());
        world.pass(Duration.ofSeconds(25));
        assertEquals(
                "hello 1.0.1 serves on 2 of 3 nodes; node-3 is away, and moves when it is back",
                world.now(begun).detail());
        assertEquals(State.DONE, world.now(begun).state());
        deaf.connect();
        world.settle();
        everywhere(v2);
    }

    @Test
    public void aDeploymentCanBeGivenUp() throws Exception {
        world.connect(2);
        push(v1);
        world.node("node-1").mute = true;
        Deployment begun = push(v2);
        world.fleet.deployments().abort(begun.id(), "ada@laptop");
        assertEquals(State.RETURNING, world.now(begun).state());
        Deployment ended = world.fleet.deployments().abort(begun.id(), "ada@laptop");
        assertEquals(State.REFUSED, ended.state());
        assertTrue(
                ended.detail(), ended.detail().startsWith("hello 1.0.1 was given up by ada@laptop. hello 1.0.0 still"));
        assertFalse(heardOf("node-2", v2));
        world.node("node-1").mute = false;
        assertEquals(
                "the way is free",
                State.DONE,
                push(world.build("hello", "1.0.2")).state());
        FleetException over = assertThrows(
                FleetException.class, () -> world.fleet.deployments().abort(begun.id(), ""));
        assertEquals(FleetException.Kind.CONFLICT, over.kind());
        FleetException unknown = assertThrows(
                FleetException.class, () -> world.fleet.deployments().abort("99", ""));
        assertEquals("there is no deployment 99", unknown.getMessage());
    }

    @Test
    public void whatCannotBeRolledBackToIsSaid() throws Exception {
        world.connect(1);
        FleetException unknown = assertThrows(
                FleetException.class, () -> world.fleet.deployments().rollBack("helo", Optional.empty(), ""));
        assertEquals("there is no app helo", unknown.getMessage());
        push(v1);
        push(v2);
        world.fleet.deployments().rollBack("hello", Optional.empty(), "");
        world.settle();
        FleetException second = assertThrows(
                FleetException.class, () -> world.fleet.deployments().rollBack("hello", Optional.empty(), ""));
        assertEquals("nothing has served before hello 1.0.0; there are 1.0.1", second.getMessage());
        assertEquals("name one: ./protoplex rollback hello 1.0.1", second.remedy());
        world.fleet.deployments().remove("hello", "");
        world.settle();
        FleetException removed = assertThrows(
                FleetException.class, () -> world.fleet.deployments().remove("hello", ""));
        assertEquals("hello is removed already", removed.getMessage());
    }
}
