package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.nodes.Rehearsals;
import com.espra.protoplex.seed.state.FleetData;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.Before;
import org.junit.Test;

/** Nodes look whether they could install a release, and nothing moves. */
public class RehearsalsTest {

    private SimulatedFleet world;
    private String v1 = "";

    @Before
    public void start() throws Exception {
        world = new SimulatedFleet();
        v1 = world.build("hello", "1.0.0");
    }

    @Test
    public void oneNodeOfEachKindIsAsked() throws Exception {
        world.connect(3);
        world.node("node-3").version = "0.2.0";
        world.node("node-3").disconnect();
        world.node("node-3").connect();
        world.node("files-1").connect(LinkFrame.PROTOCOL, Set.of("fileserver"));
        world.settle();
        FleetData before = world.fleet.data();

        CompletableFuture<Map<String, Rehearsals.Found>> asked = world.fleet.rehearse("hello", v1);

        world.node("node-1").found("passed", "");
        assertFalse(asked.isDone());
        world.node("node-3").found("refused", "no package com.example");
        assertEquals(Set.of("node-1", "node-3"), asked.join().keySet());
        assertEquals("refused", asked.join().get("node-3").state());
        assertEquals("nothing moved", before.apps(), world.fleet.data().apps());
        assertEquals(before.deployments(), world.fleet.data().deployments());
    }

    @Test
    public void whoDoesNotAnswerIsUnknown() throws Exception {
        world.connect(1);
        CompletableFuture<Map<String, Rehearsals.Found>> asked = world.fleet.rehearse("hello", v1);
        world.pass(Duration.ofSeconds(9));
        assertFalse(asked.isDone());
        world.pass(Duration.ofSeconds(2));
        assertEquals("unknown", asked.join().get("node-1").state());
        assertTrue(asked.join().get("node-1").reason().contains("has not answered for 10 s"));
        world.node("node-1").found("passed", "");
    }

    @Test
    public void nobodyIsAskedWhereNobodyIs() throws Exception {
        assertEquals(Map.of(), world.fleet.rehearse("hello", v1).join());
    }
}
