package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.State;
import com.espra.protoplex.seed.state.DesiredBuild;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;

/** The values of a unit move as a build does: tried by one node, refused, taken back, given back to a Seed that has lost its state. */
public class ConfigureTest {

    private static final String ONE = "1".repeat(64);
    private static final String TWO = "2".repeat(64);

    private SimulatedFleet world;
    private String v1 = "";
    private String v2 = "";

    @Before
    public void start() throws Exception {
        world = new SimulatedFleet();
        v1 = world.build("hello", "1.0.0");
        v2 = world.build("hello", "1.0.1");
        world.connect(3);
        world.push("hello", v1);
    }

    private static String release(String build, String values) {
        return new ReleaseId(build, values).toString();
    }

    private DesiredBuild desired() {
        return world.fleet.data().app("hello").desired();
    }

    private Deployment configure(String values) throws Exception {
        Deployment begun = world.fleet.deployments().configure("hello", desired(), values, "me");
        world.settle();
        return world.now(begun);
    }

    private void again(String node, boolean configures) {
        world.node(node).disconnect();
        world.settle();
        world.node(node).configures = configures;
        world.node(node).connect();
        world.settle();
    }

    private void everywhere(String release) {
        world.nodes.values().forEach(node -> assertEquals(node.name, release, node.serves.get("hello")));
    }

    private void refused(String what, org.junit.function.ThrowingRunnable call) {
        FleetException refused = assertThrows(FleetException.class, call);
        assertTrue(refused.getMessage(), refused.getMessage().contains(what));
    }

    @Test
    public void valuesAreTriedByOneNodeThenServeEverywhere() throws Exception {
        Deployment begun = world.fleet.deployments().configure("hello", desired(), ONE, "me");

        assertEquals("node-1", begun.trial());
        assertEquals(
                release(v1, ONE), world.node("node-1").told.getLast().units().get("hello"));
        assertEquals(
                "the others have not heard",
                v1,
                world.node("node-2").told.getLast().units().get("hello"));
        world.settle();
        assertEquals(State.DONE, world.now(begun).state());
        assertEquals(
                "hello 1.0.0 with its new configuration serves on 3 of 3 nodes",
                world.now(begun).detail());
        everywhere(release(v1, ONE));
        assertEquals(State.DONE, configure(ONE).state());
    }

    @Test
    public void whatANodeRefusesGoesBack() throws Exception {
        configure(ONE);
        world.node("node-2").refuses.put(release(v1, TWO), "size must not be negative");

        Deployment refused = configure(TWO);

        assertEquals(State.REFUSED, refused.state());
        assertEquals(
                "node-2 refused the new configuration of hello 1.0.0: size must not be negative. "
                        + "hello 1.0.0 with the configuration before still serves on 3 of 3 nodes",
                refused.detail());
        assertTrue(refused.remedy(), refused.remedy().contains("config get hello"));
        everywhere(release(v1, ONE));
        assertEquals(ONE, desired().values());
    }

    @Test
    public void aRollBackGoesToTheValuesOfThen() throws Exception {
        configure(ONE);
        configure(TWO);

        world.fleet.deployments().rollBack("hello", Optional.empty(), "me");
        world.settle();
        everywhere(release(v1, ONE));
        world.push("hello", release(v2, ONE));
        configure(TWO);
        world.fleet.deployments().rollBack("hello", Optional.of(v1), "me");
        world.settle();
        everywhere(release(v1, ONE));
    }

    @Test
    public void aNewBuildHasTheValuesThatTheUnitHas() throws Exception {
        configure(ONE);

        refused("has changed", () -> world.push("hello", v2));
        refused("has changed", () -> world.push("hello", release(v2, TWO)));
        world.push("hello", release(v2, ONE));
        everywhere(release(v2, ONE));
        assertEquals(Set.of(v1, v2), world.fleet.needed());
        assertEquals(Set.of("", ONE), world.fleet.neededValues());
        configure("");
        everywhere(v2);
    }

    @Test
    public void oneChangeAtATime() throws Exception {
        DesiredBuild before = desired();
        world.fleet.deployments().configure("hello", before, ONE, "me");
        refused("deployment 2 of hello goes on", () -> world.fleet.deployments().configure("hello", before, TWO, "me"));
        refused("deployment 2 of hello goes on", () -> world.push("hello", v2));
        world.settle();
        refused("has changed", () -> world.fleet.deployments().configure("hello", before, TWO, "me"));
        world.push("hello", release(v2, ONE));
        refused("another build", () -> world.fleet.deployments().configure("hello", before, TWO, "me"));
    }

    @Test
    public void whatIsNotThereCannotBeConfigured() throws Exception {
        DesiredBuild before = desired();
        refused("there is no app nothing", () -> world.fleet.deployments().configure("nothing", before, ONE, "me"));
        world.fleet.deployments().remove("hello", "me");
        world.settle();
        refused("removed already", () -> world.fleet.deployments().configure("hello", before, ONE, "me"));
    }

    /** It was refused for want of a value: nothing could be set before there was a build. */
    @Test
    public void theFirstBuildOfAUnitMayNeedValues() throws Exception {
        String first = world.build("strict", "1.0.0");
        world.node("node-1").refuses.put(first, "token is missing");
        world.node("node-1").refuses.put(release(first, ONE), "name is missing");
        assertEquals(State.REFUSED, world.push("strict", first).state());
        assertEquals(first, world.fleet.data().base("strict").digest());

        world.fleet.deployments().configure("strict", world.fleet.data().base("strict"), ONE, "me");
        world.settle();
        assertTrue(world.fleet.data().app("strict").desired().none());
        assertTrue(world.fleet.neededValues().contains(ONE));
        world.fleet.deployments().configure("strict", world.fleet.data().base("strict"), TWO, "me");
        world.settle();

        assertEquals(
                release(first, TWO), world.fleet.data().app("strict").desired().digest());
        assertEquals(release(first, TWO), world.node("node-3").serves.get("strict"));
    }

    @Test
    public void anOlderNodeIsNamed() throws Exception {
        again("node-2", false);

        refused("node-2 cannot be configured from here", () -> configure(ONE));
        again("node-2", true);
        assertEquals(State.DONE, configure(ONE).state());
    }

    @Test
    public void aSeedThatHasLostItsStateGetsTheValuesBack() throws Exception {
        configure(ONE);
        SimulatedFleet after = new SimulatedFleet(FleetData.EMPTY, world.key);
        after.builds.putAll(world.builds);
        after.now = world.now.plus(Duration.ofMinutes(1));

        after.adopt(world.node("node-1")).connect();
        after.settle();

        assertEquals(release(v1, ONE), after.fleet.data().app("hello").desired().digest());
        assertEquals("1.0.0", after.fleet.data().app("hello").desired().version());
        assertEquals(release(v1, ONE), after.node("node-1").serves.get("hello"));
    }

    @Test
    public void whatANodeSaysItselfIsKnownWhileItIsThere() {
        LinkFrame.Setting file = new LinkFrame.Setting("hello", "pid", "size", "5", false);
        LinkFrame.Setting variable = new LinkFrame.Setting("hello", "pid", "size", "7", true);
        world.fleet.received(
                world.node("node-1"),
                new LinkFrame.Actual(
                        1, List.of(), LinkFrame.Health.GOOD, LinkFrame.Upgrades.NONE, List.of(file, variable)));

        assertEquals(Map.of("node-1", variable), world.fleet.settings().of("hello", "pid", "size"));
        assertEquals(Map.of(), world.fleet.settings().of("hello", "pid", "other"));
        world.node("node-1").disconnect();
        world.settle();
        assertEquals(Map.of(), world.fleet.settings().of("hello", "pid", "size"));
    }
}
