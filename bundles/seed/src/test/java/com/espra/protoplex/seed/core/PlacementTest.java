package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** Which node has which roles, and what runs there for it. */
public class PlacementTest {

    private SimulatedFleet world;
    private String echo1 = "";
    private String echo2 = "";
    private String hello = "";

    @Before
    public void aFleetOfThreeWithAnAppAndARole() throws Exception {
        world = new SimulatedFleet();
        hello = world.build("hello", "1.0.0");
        echo1 = world.role("echo", "1.0.0");
        echo2 = world.role("echo", "1.1.0");
        world.connect(3);
        world.push("hello", hello);
        world.push("echo", echo1);
    }

    private void add(String node, String role) throws Exception {
        world.fleet.placements().add(node, role);
        world.settle();
    }

    private void remove(String node, String role) throws Exception {
        world.fleet.placements().remove(node, role, false);
        world.settle();
    }

    private Map<String, String> serves(String node) {
        return world.node(node).serves;
    }

    private static void refused(String because, ThrowingRunnable what) {
        FleetException e = assertThrows(FleetException.class, what);
        assertTrue(
                "'" + e.getMessage() + "' does not say: " + because,
                String.valueOf(e.getMessage()).contains(because));
        assertTrue("no remedy: " + e.getMessage(), !e.remedy().isBlank());
    }

    @Test
    public void aRoleRunsWhereItIsPlacedAndNowhereElse() throws Exception {
        assertEquals("nobody has it yet", Map.of("hello", hello), serves("node-2"));
        add("node-2", "echo");
        assertEquals(Map.of("hello", hello, "echo", echo1), serves("node-2"));
        assertEquals(Map.of("hello", hello), serves("node-1"));
        remove("node-2", "echo");
        assertEquals(Map.of("hello", hello), serves("node-2"));
    }

    @Test
    public void aPushOfARoleGoesToThoseThatHaveItAndOneTriesFirst() throws Exception {
        add("node-2", "echo");
        add("node-3", "echo");
        Deployment done = world.push("echo", echo2);
        assertEquals("echo 1.1.0 serves on 2 of 2 nodes", done.detail());
        assertEquals(echo2, serves("node-3").get("echo"));
        assertEquals(Map.of("hello", hello), serves("node-1"));
    }

    @Test
    public void aRefusedRoleGoesBackOnAllThatHaveIt() throws Exception {
        add("node-2", "echo");
        add("node-3", "echo");
        world.node("node-3").refuses.put(echo2, "no port");
        Deployment refused = world.push("echo", echo2);
        assertEquals(Deployment.State.REFUSED, refused.state());
        assertTrue(refused.detail(), refused.detail().contains("node-3 refused echo 1.1.0: no port"));
        assertEquals(echo1, serves("node-2").get("echo"));
        assertEquals(echo1, serves("node-3").get("echo"));
    }

    @Test
    public void appsGoWhereTheRoleAppIs() throws Exception {
        remove("node-3", "app");
        assertEquals(Map.of(), serves("node-3"));
        String next = world.build("hello", "1.0.1");
        assertEquals(
                "hello 1.0.1 serves on 2 of 2 nodes", world.push("hello", next).detail());
        add("node-3", "app");
        assertEquals(Map.of("hello", next), serves("node-3"));
    }

    @Test
    public void aNodeHasTheRolesOfItsConfigurationUntilTheSeedSaysOtherwise() throws Exception {
        world.node("node-4").connect(LinkFrame.PROTOCOL, Set.of("echo"));
        world.settle();
        assertEquals(Map.of("echo", echo1), serves("node-4"));
        add("node-4", "app");
        assertEquals(Map.of("echo", echo1, "hello", hello), serves("node-4"));
        world.node("node-4").disconnect();
        world.node("node-4").connect(LinkFrame.PROTOCOL, Set.of("echo"));
        world.settle();
        assertEquals("also when it comes back", Map.of("echo", echo1, "hello", hello), serves("node-4"));
    }

    @Test
    public void aNodeThatIsAwayGetsItsRoleWhenItIsBack() throws Exception {
        world.node("node-2").disconnect();
        world.settle();
        add("node-2", "echo");
        world.node("node-2").connect();
        world.settle();
        assertEquals(echo1, serves("node-2").get("echo"));
    }

    @Test
    public void whatARoleNeedsIsThereBeforeItAndStaysAsLong() throws Exception {
        world.push("chat", world.role("chat", "1.0.0", "echo"));
        refused("chat needs the role echo, which node-2 has not", () -> add("node-2", "chat"));
        add("node-2", "echo");
        add("node-2", "chat");
        refused("the role chat of node-2 needs echo", () -> remove("node-2", "echo"));
        world.fleet.placements().remove("node-2", "echo", true);
        world.settle();
        assertEquals(Set.of("hello", "chat"), serves("node-2").keySet());
    }

    @Test
    public void whatCannotBePlacedIsNamed() {
        refused("there is no node node-9", () -> add("node-9", "echo"));
        refused("there is no role nothing", () -> add("node-2", "nothing"));
        refused("hello is an app", () -> add("node-2", "hello"));
        refused("the Seed is where its state is", () -> add("node-2", "seed"));
        refused("node-2 has not the role echo; it has app", () -> remove("node-2", "echo"));
    }

    @Test
    public void appsAndRolesHaveOneNameSpace() {
        String app = world.build("echo", "2.0.0");
        refused("echo is the name of a role, and this is a build of an app", () -> world.push("echo", app));
        String role = world.role("hello", "2.0.0");
        refused("hello is the name of an app, and this is a build of a role", () -> world.push("hello", role));
        String seed = world.build("seed", "1.0.0");
        refused("seed is a role of the platform", () -> world.push("seed", seed));
        refused("the Seed cannot remove itself", () -> world.fleet.deployments().remove("seed", ""));
    }

    @Test
    public void nothingIsPlacedWhileItMoves() throws Exception {
        add("node-2", "echo");
        world.node("node-2").mute = true;
        world.fleet.deployments().deploy("echo", echo2, false, "");
        world.settle();
        refused("of echo goes on", () -> add("node-3", "echo"));
    }

    private SimulatedFleet after(FleetData found) throws Exception {
        SimulatedFleet after = new SimulatedFleet(found, world.key);
        after.builds.putAll(world.builds);
        after.now = world.now.plus(Duration.ofSeconds(60));
        return after;
    }

    @Test
    public void aSeedThatLostItsStateGetsRolesAndTheirPlacesBack() throws Exception {
        add("node-2", "echo");
        remove("node-2", "app");
        for (List<String> order : List.of(List.of("node-1", "node-2"), List.of("node-2", "node-1"))) {
            SimulatedFleet after = after(FleetData.EMPTY);
            for (String name : order) {
                after.adopt(world.node(name)).connect();
                after.settle();
            }
            String first = "first " + order.getFirst();
            assertEquals(first, Map.of("echo", echo1), after.node("node-2").serves);
            assertEquals(first, Map.of("hello", hello), after.node("node-1").serves);
            after.push("echo", echo2);
            assertEquals(first, echo2, after.node("node-2").serves.get("echo"));
            assertEquals(first, Map.of("hello", hello), after.node("node-1").serves);
        }
    }

    @Test
    public void anOldBackupDoesNotUndoAPlacement() throws Exception {
        FleetData backup = world.fleet.data();
        world.now = world.now.plusSeconds(1);
        add("node-2", "echo");
        SimulatedFleet after = after(backup);
        after.adopt(world.node("node-2")).connect();
        after.settle();
        assertEquals(Map.of("hello", hello, "echo", echo1), after.node("node-2").serves);
        assertEquals(
                Set.of("app", "echo"),
                after.fleet.data().placements().get("node-2").roles());
    }

    @Test
    public void aForgottenNodeThatIsLetInAgainHasWhatItHad() throws Exception {
        add("node-2", "echo");
        world.node("node-2").disconnect();
        world.settle();
        world.fleet.forget("node-2");
        assertEquals(Map.of(), world.fleet.data().placements());
        world.fleet.standings().admit("node-2");
        world.node("node-2").connect();
        world.settle();
        assertEquals(Map.of("hello", hello, "echo", echo1), serves("node-2"));
    }
}
