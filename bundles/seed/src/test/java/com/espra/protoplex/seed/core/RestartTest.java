package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.State;
import com.espra.protoplex.seed.state.FleetData;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Test;

/** A Seed that ends while the fleet moves, and the one that takes up from there. */
public class RestartTest {

    private SimulatedFleet world;
    private String v1 = "";
    private String v2 = "";

    @Before
    public void start() throws IOException {
        world = new SimulatedFleet();
        v1 = world.build("hello", "1.0.0");
        v2 = world.build("hello", "1.0.1");
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
            node.accepted = after.key.seal(new LinkFrame.Desired(
                    "",
                    found.sequence(),
                    found.changed().toEpochMilli(),
                    desired.isEmpty() ? Map.of() : Map.of("hello", desired),
                    ""));
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
        for (Deployment each : found.deployments()) {
            State end = bad && each.to().digest().equals(v2) ? State.REFUSED : State.DONE;
            assertEquals(
                    where + ", deployment " + each.id(), end, after.now(each).state());
        }
        after.nodes
                .values()
                .forEach(node -> assertEquals(where + " " + node.name, desired, node.serves.getOrDefault("hello", "")));
    }

    @Test
    public void afterARestartNodesThatNeverComeBackTurnItBack() throws Exception {
        world.connect(2);
        world.push("hello", v1);
        Deployment begun = world.fleet.deployments().deploy("hello", v2, false, "");
        SimulatedFleet after = new SimulatedFleet(world.saved.getLast());
        after.builds.putAll(world.builds);
        after.pass(Duration.ofSeconds(120));
        assertEquals(
                State.REFUSED,
                after.fleet.deployments().find(begun.id()).orElseThrow().state());
        assertEquals(v1, after.fleet.data().app("hello").desired().digest());
    }
}
