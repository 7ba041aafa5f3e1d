package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.nodes.Closing;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.state.FleetException;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;

/** Links that come and go, and which builds are in use. */
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

    @Test
    public void anotherVersionOfTheProtocolIsTurnedAway() {
        world.node("old").connect(LinkFrame.PROTOCOL + 1, Set.of("app"));
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
        assertEquals(
                "hello 1.0.0 serves on 1 of 1 nodes", world.push("hello", v1).detail());
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

    @Test
    public void neededBuildsAreThoseInUse() throws Exception {
        world.connect(2);
        world.push("hello", v1);
        world.push("hello", v2);
        String v3 = world.build("hello", "1.0.2");
        world.push("hello", v3);
        assertEquals("desired and the way back", Set.of(v3, v2), world.fleet.needed());
        world.node("node-1").mute = true;
        String v4 = world.build("hello", "1.0.3");
        world.push("hello", v4);
        assertEquals("and what is tried", Set.of(v4, v3, v2), world.fleet.needed());
    }

    @Test
    public void aNodeThatIsGoneForGoodIsForgottenAndKeepsNoBuild() throws Exception {
        world.connect(2);
        world.push("hello", v1);
        world.node("node-1").disconnect();
        world.settle();
        world.push("hello", v2);
        world.push("hello", world.build("hello", "1.0.2"));
        assertTrue(world.fleet.needed().contains(v1));

        world.fleet.forget("node-1");

        assertFalse(world.fleet.nodes().containsKey("node-1"));
        assertFalse(world.saved.getLast().nodes().containsKey("node-1"));
        assertFalse(world.fleet.needed().contains(v1));
        world.fleet.standings().admit("node-1");
        world.node("node-1").connect();
        world.settle();
        assertTrue("it is known again", world.fleet.nodes().get("node-1").connected());
    }

    @Test
    public void aNodeThatIsThereIsNotForgotten() {
        world.connect(1);
        FleetException there = assertThrows(FleetException.class, () -> world.fleet.forget("node-1"));
        assertEquals(FleetException.Kind.CONFLICT, there.kind());
        FleetException unknown = assertThrows(FleetException.class, () -> world.fleet.forget("node-9"));
        assertEquals(FleetException.Kind.NOT_FOUND, unknown.kind());
    }

    @Test
    public void whoIsAwayAndSinceWhenIsKnown() {
        world.connect(1);
        Instant joined = world.now;
        assertEquals(joined, world.fleet.nodes().get("node-1").since());

        world.now = joined.plusSeconds(100);
        world.node("node-1").disconnect();
        world.settle();
        assertFalse(world.fleet.nodes().get("node-1").connected());
        assertEquals(joined.plusSeconds(100), world.fleet.nodes().get("node-1").since());

        world.now = joined.plusSeconds(300);
        world.node("node-1").connect();
        world.settle();
        assertTrue(world.fleet.nodes().get("node-1").connected());
        assertEquals(joined.plusSeconds(300), world.fleet.nodes().get("node-1").since());
    }

    @Test
    public void aNodeIsRememberedWhenThatCannotBeSaved() {
        world.connect(1);
        world.node("node-1").disconnect();
        world.settle();
        world.diskFull = true;
        assertThrows(IOException.class, () -> world.fleet.forget("node-1"));
        assertTrue(world.fleet.nodes().containsKey("node-1"));
    }

    @Test
    public void aNodeTellsOfNoAppThatThereIsNot() {
        world.connect(1);
        world.fleet.received(world.node("node-1"), new LinkFrame.Result(0, "never-pushed", "", false, "no", 0));
        assertEquals(Map.of(), world.fleet.nodes().get("node-1").problems());
    }

    @Test
    public void aHelloIsNotBelieved() {
        for (String name : new String[] {"", "../x", "a/b", "\u001b[31mred", "x".repeat(10_000), "a b", "-x", "a..b"}) {
            SimulatedFleet.SimulatedNode node = world.node(name);
            node.connect();
            world.settle();
            assertEquals(name, Closing.PROTOCOL_ERROR, node.closed);
        }
        assertEquals(Map.of(), world.fleet.nodes());
        world.node("web_1.example-2").connect();
        world.settle();
        assertEquals(Set.of("web_1.example-2"), world.fleet.nodes().keySet());
        world.node("node-2").connect(LinkFrame.PROTOCOL, Set.of("app\nseed"));
        world.settle();
        assertEquals(Closing.PROTOCOL_ERROR, world.node("node-2").closed);
    }

    @Test
    public void howManyNodesAreRememberedIsBounded() throws Exception {
        world.connect(1);
        world.push("hello", v1);
        world.node("node-1").disconnect();
        for (int second = 0; second < 25; second++) {
            for (int i = 0; i < 111; i++) {
                stranger("stranger-" + second + "-" + i);
            }
            world.now = world.now.plusSeconds(1);
        }
        assertTrue(world.fleet.nodes().size() + " names", world.fleet.nodes().size() < 600);
        assertEquals("told to come again", Closing.TRY_LATER, world.node("stranger-24-110").closed);

        for (int i = 0; i < 2 * NodeRegistry.MAX_IDLE; i++) {
            stranger("other-" + i);
            world.now = world.now.plusSeconds(1);
        }
        assertEquals(1 + NodeRegistry.MAX_IDLE, world.fleet.nodes().size());
        assertTrue("who ran something stays", world.fleet.nodes().containsKey("node-1"));
        world.node("node-1").connect();
        world.settle();
        assertTrue(
                "who is known need not wait", world.fleet.nodes().get("node-1").connected());
    }

    private void stranger(String name) {
        SimulatedFleet.SimulatedNode stranger = world.node(name);
        stranger.connect(LinkFrame.PROTOCOL, Set.of("other"));
        stranger.disconnect();
        world.settle();
    }
}
