package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.json.Json;
import com.espra.protoplex.seed.nodes.Closing;
import com.espra.protoplex.seed.rollout.GateRule;
import com.espra.protoplex.seed.rollout.Portion;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.FleetOrders;
import com.espra.protoplex.seed.state.PlannedOutage;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Before;
import org.junit.Test;

/** How nodes are to serve: told, durable, and the newest word counts. */
public class StandingsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private SimulatedFleet world;
    private String hello1 = "";
    private String hello2 = "";
    private String other = "";

    @Before
    public void aFleetOfThree() throws Exception {
        world = new SimulatedFleet();
        hello1 = world.build("hello", "1.0.0");
        hello2 = world.build("hello", "1.1.0");
        other = world.build("other", "1.0.0");
        world.connect(3);
        world.push("hello", hello1);
    }

    private LinkFrame.Standing told(String node) {
        return world.node(node).standings.getLast();
    }

    private SimulatedFleet after(FleetData found) throws Exception {
        SimulatedFleet after = new SimulatedFleet(found, world.key);
        after.builds.putAll(world.builds);
        after.now = world.now.plusSeconds(60);
        return after;
    }

    @Test
    public void aCordonedNodeGetsNoNewUnitAndServesOn() throws Exception {
        world.fleet.standings().cordon("node-2");
        assertEquals(LinkFrame.Order.CORDON, told("node-2").order().what());

        Deployment pushed = world.push("other", other);
        assertEquals(Deployment.State.DONE, pushed.state());
        assertEquals(Map.of("hello", hello1), world.node("node-2").serves);
        assertEquals(Map.of("hello", hello1, "other", other), world.node("node-1").serves);
        world.push("hello", hello2);
        assertEquals("what it has it gets newer", Map.of("hello", hello2), world.node("node-2").serves);

        world.fleet.standings().uncordon("node-2");
        world.settle();
        assertEquals(Map.of("hello", hello2, "other", other), world.node("node-2").serves);
        assertEquals(LinkFrame.Order.SERVE, told("node-2").order().what());
    }

    @Test
    public void aCordonedNodeDoesNotTryABuildFirst() throws Exception {
        world.fleet.standings().cordon("node-1");
        world.node("node-2").mute = true;
        Deployment begun = world.push("hello", hello2);
        assertEquals("node-2", begun.trial());
    }

    @Test
    public void aCordonedCanaryKeepsTheNewAppThatItTries() throws Exception {
        Deployment begun = world.fleet
                .deployments()
                .deploy(
                        "other",
                        other,
                        false,
                        "me",
                        Optional.of(RolloutPlan.of(List.of("canary", "100%"), 60, Portion.ANY, 0, GateRule.OFF)));
        world.settle();
        assertEquals(other, world.node("node-1").serves.get("other"));
        world.fleet.standings().cordon("node-1");
        world.pass(Duration.ofSeconds(30));
        world.node("node-1").disconnect();
        world.node("node-1").connect();
        world.settle();
        world.pass(Duration.ofSeconds(40));
        assertEquals(Deployment.State.DONE, world.now(begun).state());
        assertEquals(Map.of("hello", hello1, "other", other), world.node("node-1").serves);
    }

    @Test
    public void aCordonOutlivesTheSeedAndTheLink() throws Exception {
        world.fleet.standings().cordon("node-2");
        world.restart(world.saved.getLast());
        world.settle();
        world.push("other", other);
        assertEquals(Map.of("hello", hello1), world.node("node-2").serves);
    }

    @Test
    public void aDrainIsToldAndToldAgainToWhoComesBack() throws Exception {
        world.fleet.standings().drain("node-2", DEADLINE);
        LinkFrame.Order order = told("node-2").order();
        assertEquals(LinkFrame.Order.DRAIN, order.what());
        assertEquals(DEADLINE.toMillis(), order.drainMillis());
        world.node("node-2").tell(new LinkFrame.Drain(order.changed(), LinkFrame.Drain.DRAINED, List.of()));
        assertEquals(
                LinkFrame.Drain.DRAINED,
                world.fleet.nodes().get("node-2").drain().state());

        world.node("node-2").disconnect();
        world.settle();
        world.node("node-2").standings.clear();
        world.node("node-2").connect();
        world.settle();
        assertEquals(
                "the same order: it does not begin anew", order, told("node-2").order());
        assertEquals(LinkFrame.Order.NONE, told("node-1").order());
    }

    @Test
    public void eachOrderIsLaterThanTheOneBeforeWhateverTheClockSays() throws Exception {
        world.fleet.standings().drain("node-2", DEADLINE);
        long first = told("node-2").order().changed();
        world.now = world.now.minusSeconds(3600);
        world.fleet.standings().uncordon("node-2");
        assertTrue(told("node-2").order().changed() > first);
    }

    @Test
    public void aNodeThatUnderstandsNoOrdersIsNotDrained() throws Exception {
        SimulatedFleet.SimulatedNode old = world.node("node-9");
        old.order = LinkFrame.Order.UNHEARD;
        old.connect();
        world.settle();
        FleetException refused =
                assertThrows(FleetException.class, () -> world.fleet.standings().drain("node-9", DEADLINE));
        assertTrue(refused.remedy(), refused.remedy().contains("upgrade"));
        world.fleet.standings().cordon("node-9");
        assertEquals("it is told nothing", List.of(), old.standings);
        world.push("other", other);
        assertFalse(old.serves.containsKey("other"));
    }

    @Test
    public void whoDoesNotExistIsRefusedByName() {
        FleetException refused =
                assertThrows(FleetException.class, () -> world.fleet.standings().cordon("node-7"));
        assertTrue(refused.getMessage(), String.valueOf(refused.getMessage()).contains("node-7"));
        assertThrows(FleetException.class, () -> world.fleet.standings().admit("node-1"));
    }

    @Test
    public void whatCannotBeSavedIsNotTold() throws Exception {
        int before = world.node("node-2").standings.size();
        world.diskFull = true;
        assertThrows(java.io.IOException.class, () -> world.fleet.standings().drain("node-2", DEADLINE));
        assertEquals(before, world.node("node-2").standings.size());
        assertEquals(FleetOrders.NONE, world.fleet.data().orders());
    }

    @Test
    public void aForgottenNodeIsTurnedAwayUntilItIsLetIn() throws Exception {
        world.fleet.standings().drain("node-2", DEADLINE);
        world.node("node-2").disconnect();
        world.settle();
        world.fleet.forget("node-2");
        world.node("node-2").connect();
        world.settle();
        assertEquals(Closing.FORGOTTEN, world.node("node-2").closed);
        assertFalse(world.fleet.nodes().containsKey("node-2"));

        SimulatedFleet after = after(world.saved.getLast());
        after.adopt(world.node("node-2")).connect();
        after.settle();
        assertEquals("after a restart, too", Closing.FORGOTTEN, after.node("node-2").closed);
        after.fleet.standings().admit("node-2");
        assertEquals(LinkFrame.Order.DRAIN, world.node("node-2").order.what());
        after.node("node-2").order = world.node("node-2").order;
        after.node("node-2").connect();
        after.settle();
        assertEquals(0, after.node("node-2").closed);
        assertEquals(
                "of its time before nothing is left",
                LinkFrame.Order.SERVE,
                after.node("node-2").order.what());
    }

    @Test
    public void anOldBackupDoesNotEndADrain() throws Exception {
        FleetData backup = world.fleet.data();
        world.now = world.now.plusSeconds(1);
        world.fleet.standings().drain("node-2", DEADLINE);
        LinkFrame.Order order = told("node-2").order();
        SimulatedFleet after = after(backup);
        after.adopt(world.node("node-2")).order = order;
        after.node("node-2").connect();
        after.settle();
        assertEquals(order, after.node("node-2").standings.getLast().order());
        assertEquals(order.what(), after.fleet.data().orders().of("node-2").what());
    }

    @Test
    public void aClockThatIsAheadDoesNotMakeAWordLastForEver() throws Exception {
        SimulatedFleet.SimulatedNode node = world.node("node-2");
        node.disconnect();
        world.settle();
        node.order = new LinkFrame.Order(
                LinkFrame.Order.DRAIN, world.now.plus(Duration.ofDays(9)).toEpochMilli(), 1);
        node.connect();
        world.settle();
        assertEquals(LinkFrame.Order.DRAIN, told("node-2").order().what());
        world.now = world.now.plusSeconds(5);
        world.fleet.standings().uncordon("node-2");
        node.disconnect();
        world.settle();
        node.connect();
        world.settle();
        assertEquals(LinkFrame.Order.SERVE, told("node-2").order().what());
    }

    private PlannedOutage outage(String app, String region, Instant until) {
        return new PlannedOutage(app, region, false, world.now, until, "back", "", "me");
    }

    @Test
    public void maintenanceReachesAllAndWhoComesLaterAndEndsByItself() throws Exception {
        Instant until = world.now.plusSeconds(10);
        world.fleet.standings().begin(outage("", "", until));
        assertEquals(1, told("node-1").outages().size());
        assertEquals(until.toEpochMilli(), told("node-3").outages().getFirst().until());
        world.node("node-4").connect();
        world.settle();
        assertEquals(1, told("node-4").outages().size());

        world.pass(Duration.ofSeconds(11));
        assertEquals(List.of(), told("node-1").outages());
        assertEquals(List.of(), world.fleet.data().orders().outages());
    }

    @Test
    public void maintenanceOfOneRegionIsToldThereAlone() throws Exception {
        world.fleet.standings().begin(outage("hello", "local", null));
        world.fleet.standings().begin(outage("", "elsewhere", null));
        assertEquals(
                List.of("hello"),
                told("node-1").outages().stream().map(LinkFrame.Outage::app).toList());
        assertEquals(
                1,
                world.fleet.standings().end(each -> each.app().equals("hello")).size());
        assertEquals(List.of(), told("node-1").outages());
        assertEquals(1, world.fleet.data().orders().outages().size());
    }

    @Test
    public void maintenanceIsBoundedAndRefusedWhenItMakesNoSense() throws Exception {
        assertThrows(
                FleetException.class, () -> world.fleet.standings().begin(outage("", "", world.now.minusSeconds(1))));
        assertThrows(FleetException.class, () -> world.fleet.standings().begin(outage("nothing", "", null)));
        for (int i = 0; i < LinkFrame.Outage.MOST; i++) {
            world.fleet.standings().begin(outage("", "region-" + i, null));
        }
        world.fleet.standings().begin(outage("", "region-0", null));
        assertThrows(FleetException.class, () -> world.fleet.standings().begin(outage("", "one-more", null)));
    }

    @Test
    public void aNodeSaysWhereItListensWithoutAnotherHello() {
        Map<String, String> addresses = Map.of("http", "http://node-2", "shell", "ssh://node-2:22");
        world.node("node-2").tell(addresses);
        assertEquals(addresses, world.fleet.nodes().get("node-2").addresses());
        world.node("node-2").tell(Map.of());
        assertEquals(
                "nothing is said", addresses, world.fleet.nodes().get("node-2").addresses());
        world.node("node-2").tell(Map.of("http", "x".repeat(100_000)));
        assertEquals(Closing.PROTOCOL_ERROR, world.node("node-2").closed);
        assertEquals(addresses, world.fleet.nodes().get("node-2").addresses());
    }

    /** A state that a Seed saved before there were orders. */
    @Test
    public void anOlderStateHasNoOrders() throws Exception {
        world.fleet.standings().cordon("node-2");
        ObjectNode json = Json.MAPPER.valueToTree(world.fleet.data());
        FleetData same = Json.OTHER_VERSION.forType(FleetData.class).readValue(json);
        assertEquals(world.fleet.data().orders(), same.orders());
        json.remove("orders");
        json.path("nodes").forEach(node -> ((ObjectNode) node).remove("drain"));
        FleetData older = Json.OTHER_VERSION.forType(FleetData.class).readValue(json);
        assertEquals(FleetOrders.NONE, older.orders());
        assertEquals(LinkFrame.Drain.NONE, older.nodes().get("node-1").drain());
    }
}
