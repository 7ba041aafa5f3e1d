package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.state.FleetException;
import java.io.IOException;
import java.util.List;
import org.junit.Test;

/** Replacing the processes of nodes. */
public class UpgradesTest {

    private final SimulatedFleet world = new SimulatedFleet();

    public UpgradesTest() throws IOException {}

    @Test
    public void anUpgradeIsForwardedToItsNodeAlone() throws Exception {
        world.connect(2);
        world.node("node-1").tell(true);
        String id = world.fleet.upgrades().upgrade("node-1", true, "/opt/protoplex/2.0");
        assertEquals(List.of(new LinkFrame.Upgrade(id, true, "/opt/protoplex/2.0")), world.node("node-1").upgrades);
        assertEquals(List.of(), world.node("node-2").upgrades);
        assertFalse(
                "it knows only what the node tells",
                world.fleet.nodes().get("node-1").isUpgrading());

        LinkFrame.Upgraded running = new LinkFrame.Upgraded(id, LinkFrame.Upgraded.RUNNING, "", 0);
        world.node("node-1").tell(true, running);
        refused("under way", "node-1");
        LinkFrame.Upgraded done = new LinkFrame.Upgraded(id, LinkFrame.Upgraded.DONE, "", 2.5);
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
