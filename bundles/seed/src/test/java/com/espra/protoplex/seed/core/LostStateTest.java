package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.SimulatedFleet.SimulatedNode;
import com.espra.protoplex.seed.nodes.Closing;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.State;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;

/** A Seed that knows less than its nodes: its state was deleted, or comes from an old backup. */
public class LostStateTest {

    private SimulatedFleet before;
    private String hello1 = "";
    private String hello2 = "";
    private String other = "";

    @Before
    public void aFleetWithTwoApps() throws Exception {
        before = new SimulatedFleet();
        hello1 = before.build("hello", "1.0.0");
        hello2 = before.build("hello", "1.0.1");
        other = before.build("other", "1.0.0");
        before.connect(2);
        before.push("hello", hello1);
        before.push("other", other);
        before.pass(Duration.ofSeconds(5));
    }

    private SimulatedFleet seedWith(FleetData found) throws IOException {
        return seedWith(found, before.key);
    }

    private SimulatedFleet seedWith(FleetData found, FleetKey key) throws IOException {
        SimulatedFleet after = new SimulatedFleet(found, key);
        after.builds.putAll(before.builds);
        after.now = before.now.plusSeconds(60);
        return after;
    }

    private static void join(SimulatedFleet world, SimulatedNode node) {
        world.adopt(node).connect();
        world.settle();
    }

    private static String desired(SimulatedFleet world, String app) {
        return world.fleet.data().app(app).desired().digest();
    }

    @Test
    public void aPushAfterALossRemovesNothing() throws Exception {
        SimulatedFleet after = seedWith(FleetData.EMPTY);
        join(after, before.node("node-1"));
        join(after, before.node("node-2"));
        assertEquals(hello1, desired(after, "hello"));
        assertEquals(other, desired(after, "other"));
        assertEquals("1.0.0", after.fleet.data().app("other").desired().version());
        Deployment next = after.push("hello", hello2);
        assertEquals("hello 1.0.1 serves on 2 of 2 nodes", next.detail());
        after.nodes.values().forEach(node -> assertEquals(Map.of("hello", hello2, "other", other), node.serves));
        assertTrue(after.node("node-1").accepted.sequence()
                > before.node("node-1").accepted.sequence());
    }

    @Test
    public void whatWasPushedBeforeTheFirstNodeCameBackCountsToo() throws Exception {
        SimulatedFleet after = seedWith(FleetData.EMPTY);
        String third = after.build("third", "1.0.0");
        after.push("third", third);
        after.push("hello", hello2);
        join(after, before.node("node-1"));
        assertEquals(Map.of("hello", hello2, "other", other, "third", third), after.node("node-1").serves);
    }

    @Test
    public void evenIfItsNumberIsBeyondThatOfTheNodes() throws Exception {
        SimulatedFleet after = seedWith(FleetData.EMPTY);
        for (int i = 0; i < 5; i++) {
            after.push("third", after.build("third", "1.0." + i));
        }
        assertTrue(after.fleet.data().sequence() > before.fleet.data().sequence());
        join(after, before.node("node-1"));
        assertEquals(hello1, after.node("node-1").serves.get("hello"));
        assertEquals(other, after.node("node-1").serves.get("other"));
    }

    @Test
    public void anOldBackupIsBroughtUpToDate() throws Exception {
        FleetData backup = before.fleet.data();
        String third = before.build("third", "1.0.0");
        before.push("hello", hello2);
        before.push("third", third);
        before.fleet.deployments().remove("other", "");
        before.settle();
        SimulatedFleet after = seedWith(backup);
        join(after, before.node("node-1"));
        assertEquals(hello2, desired(after, "hello"));
        assertEquals(third, desired(after, "third"));
        assertEquals("a removal is not undone", "", desired(after, "other"));
        assertEquals(Map.of("hello", hello2, "third", third), after.node("node-1").serves);
        after.fleet.deployments().rollBack("hello", Optional.empty(), "");
        after.settle();
        assertEquals(hello1, after.node("node-1").serves.get("hello"));
    }

    @Test
    public void whatTheBackupThoughtToBeOnItsWayIsGivenUp() throws Exception {
        Deployment open = before.fleet.deployments().deploy("hello", hello2, false, "");
        FleetData backup = before.saved.getLast();
        before.settle();
        String hello3 = before.build("hello", "1.0.2");
        before.push("hello", hello3);
        SimulatedFleet after = seedWith(backup);
        join(after, before.node("node-1"));
        Deployment ended = after.fleet.deployments().find(open.id()).orElseThrow();
        assertEquals(State.REFUSED, ended.state());
        assertEquals(
                "given up: node-1 knows a later state than this Seed did, in which hello 1.0.2 serves", ended.detail());
        assertEquals(hello3, after.node("node-1").serves.get("hello"));
    }

    @Test
    public void ofTwoNodesTheOneThatHeardLastIsRight() throws Exception {
        before.node("node-2").mute = true; // it is away when these are said
        before.fleet.deployments().deploy("hello", hello2, false, "");
        before.settle();
        before.fleet.deployments().remove("other", "");
        before.settle();
        for (String first : new String[] {"node-1", "node-2"}) {
            SimulatedFleet after = seedWith(FleetData.EMPTY);
            join(after, before.node(first));
            join(after, before.node(first.equals("node-1") ? "node-2" : "node-1"));
            assertEquals(first, hello2, desired(after, "hello"));
            assertEquals(first, "", desired(after, "other"));
            after.nodes.values().forEach(node -> assertEquals(node.name, Map.of("hello", hello2), node.serves));
        }
    }

    @Test
    public void aNodeThatWasAwayTeachesNothing() throws Exception {
        before.node("node-1").disconnect();
        before.settle();
        before.push("hello", hello2);
        before.fleet.deployments().remove("other", "");
        before.settle();
        long sequence = before.fleet.data().sequence();
        before.node("node-1").connect();
        before.settle();
        assertEquals(sequence, before.fleet.data().sequence());
        assertEquals(Map.of("hello", hello2), before.node("node-1").serves);
    }

    @Test
    public void aNodeOfAnotherFleetIsTurnedAwayAndKeepsWhatItHas() throws Exception {
        SimulatedFleet foreign = seedWith(FleetData.EMPTY, new FleetKey("e".repeat(16), new byte[] {1}));
        String mine = foreign.build("mine", "1.0.0");
        foreign.push("mine", mine);
        foreign.connect(1);
        long sequence = before.fleet.data().sequence();
        before.nodes.remove("node-1");
        before.builds.putAll(foreign.builds);
        join(before, foreign.node("node-1"));
        assertEquals(Closing.FOREIGN, before.node("node-1").closed);
        assertEquals("it is told nothing", List.of(), before.node("node-1").told);
        assertEquals(Map.of("mine", mine), before.node("node-1").serves);
        assertEquals(sequence, before.fleet.data().sequence());
    }

    @Test
    public void whatNoSeedHasSaidIsNotBelieved() throws Exception {
        LinkFrame.Desired truth = before.node("node-1").accepted;
        long later = truth.time() + 1_000_000;
        for (LinkFrame.Desired lie : new LinkFrame.Desired[] {
            new LinkFrame.Desired(truth.fleet(), truth.sequence() + 1, later, Map.of(), truth.seal()),
            new LinkFrame.Desired(
                    truth.fleet(),
                    truth.sequence(),
                    truth.time(),
                    Map.of("hello", hello2),
                    Map.of("hello", new LinkFrame.Word("app", later)),
                    truth.placed(),
                    truth.seal()),
            new LinkFrame.Desired(
                    truth.fleet(),
                    truth.sequence(),
                    truth.time(),
                    truth.units(),
                    truth.words(),
                    new LinkFrame.Placed(Set.of("echo"), later),
                    truth.seal()),
            new LinkFrame.Desired(truth.fleet(), Long.MAX_VALUE, truth.time(), truth.units(), truth.seal()),
            new LinkFrame.Desired("", truth.sequence() + 1, later, Map.of(), ""),
        }) {
            SimulatedNode liar = before.node("liar");
            liar.accepted = lie;
            liar.connect();
            before.settle();
            assertEquals(lie.toString(), Closing.FOREIGN, liar.closed);
            assertEquals("it is told nothing", List.of(), liar.told);
            assertEquals(hello1, desired(before, "hello"));
            assertEquals(truth.sequence(), before.fleet.data().sequence());
        }
    }

    @Test
    public void aNodeWithoutTheRoleKnowsOfNoApps() throws Exception {
        before.now = before.now.plusSeconds(1);
        before.node("node-1").mute = true;
        before.push("hello", hello2);
        before.node("files-1").connect(LinkFrame.PROTOCOL, Set.of("fileserver"));
        before.settle();
        SimulatedFleet after = seedWith(FleetData.EMPTY);
        after.adopt(before.node("files-1")).connect(LinkFrame.PROTOCOL, Set.of("fileserver"));
        after.settle();
        join(after, before.node("node-1"));
        assertEquals(hello1, desired(after, "hello"));
        assertEquals(Map.of("hello", hello1, "other", other), after.node("node-1").serves);
        assertEquals(0, after.node("files-1").closed);
    }

    @Test
    public void whatCannotBeSavedIsNotTakenOverAndNobodyIsTold() throws Exception {
        SimulatedFleet after = seedWith(FleetData.EMPTY);
        after.diskFull = true;
        join(after, before.node("node-1"));
        assertEquals(Closing.GOING_AWAY, after.node("node-1").closed);
        assertEquals(List.of(), after.node("node-1").told);
        assertEquals(hello1, after.node("node-1").serves.get("hello"));
        after.diskFull = false;
        after.node("node-1").connect();
        after.settle();
        assertEquals(hello1, desired(after, "hello"));
    }

    @Test
    public void timeGrowsThoughTheClockGoesBack() throws Exception {
        before.node("node-2").disconnect();
        before.settle();
        before.now = before.now.minusSeconds(3600);
        before.push("hello", hello2);
        before.node("node-2").connect();
        before.settle();
        assertEquals(hello2, desired(before, "hello"));
        assertEquals(hello2, before.node("node-2").serves.get("hello"));
    }
}
