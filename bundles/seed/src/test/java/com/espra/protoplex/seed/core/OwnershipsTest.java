package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.owner.KeySlots;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.owner.OwnerTable;
import com.espra.protoplex.fleet.owner.RoleReport;
import com.espra.protoplex.fleet.owner.SlotRanges;
import com.espra.protoplex.fleet.owner.SlotTransfer;
import com.espra.protoplex.fleet.owner.TransferPhase;
import com.espra.protoplex.json.Json;
import com.espra.protoplex.seed.core.SimulatedFleet.SimulatedNode;
import com.espra.protoplex.seed.state.FleetData;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** How the Seed's own state, links and placements meet the owners; who owns what and when is tried in {@code OwnerSimulationTest}. */
public final class OwnershipsTest {

    private static final Duration QUIET = Duration.ofSeconds(14);

    private final SimulatedFleet world;
    private final Map<String, Long> numbers = new HashMap<>();

    public OwnershipsTest() throws Exception {
        world = new SimulatedFleet();
    }

    private void connect(String name, String... roles) {
        world.node(name).connect(LinkFrame.PROTOCOL, Set.of(roles));
        world.settle();
    }

    private OwnerTable table() {
        return world.fleet.owners().tables().getOrDefault("live", OwnerTable.of("live", OwnerTable.LEASED));
    }

    /** The node is at once as far as it is asked to be. */
    private void report(String name, String holds) {
        SimulatedNode node = world.node(name);
        OwnerTable told = node.owners.isEmpty()
                ? OwnerTable.of("live", OwnerTable.LEASED)
                : node.owners.getLast().tables().stream().findFirst().orElse(OwnerTable.of("live", OwnerTable.LEASED));
        Set<Long> ready = new HashSet<>();
        Set<Long> released = new HashSet<>();
        for (SlotTransfer transfer : told.transfers()) {
            if (transfer.to().equals(name)) {
                ready.add(transfer.id());
            }
            if (transfer.from().equals(name) && transfer.phase() == TransferPhase.DRAIN) {
                released.add(transfer.id());
            }
        }
        long number = numbers.merge(name, 1L, Long::sum);
        world.fleet.received(
                node,
                new LinkFrame.Owning(number, List.of(new RoleReport("live", holds, told.epoch(), ready, released))));
    }

    private void pass(Duration time, String... owners) {
        for (long second = 0; second < time.toSeconds(); second++) {
            for (String name : owners) {
                report(name, OwnerTable.LEASED);
            }
            world.pass(Duration.ofSeconds(1));
            world.nodes.values().forEach(node -> node.heard = world.now);
        }
    }

    @Test
    public void thePlatformAndTheFleetCountTheSameSlots() {
        assertEquals(KeySlots.COUNT, SlotRanges.COUNT);
    }

    @Test
    public void allSlotsAreOwnedByThoseThatHaveTheRole() {
        connect("node-1", "live");
        connect("node-2", "app");
        pass(QUIET.plusSeconds(6), "node-1", "node-2");
        assertEquals(Map.of("node-1", "0-1023"), table().owners());
        assertEquals(List.of(), table().transfers());
    }

    @Test
    public void everybodyIsToldAndAnOlderNodeNeedNotAnswer() {
        connect("node-1", "live");
        connect("old", "app");
        pass(QUIET.plusSeconds(6), "node-1");
        assertEquals(List.of(table()), world.node("old").owners.getLast().tables());
        assertTrue(world.node("old").leases.isEmpty());
        assertFalse(world.node("node-1").leases.isEmpty());
    }

    @Test
    public void aDrainedNodeOwnsNothing() throws Exception {
        connect("node-1", "live");
        connect("node-2", "live");
        pass(QUIET.plusSeconds(10), "node-1", "node-2");
        assertEquals(Set.of("node-1", "node-2"), table().owners().keySet());
        world.fleet.standings().drain("node-1", Duration.ofSeconds(5));
        pass(Duration.ofSeconds(10), "node-1", "node-2");
        assertEquals(Map.of("node-2", "0-1023"), table().owners());
    }

    @Test
    public void aSeedThatStartsAgainGoesOnInTheMiddle() throws Exception {
        connect("node-1", "live");
        pass(QUIET.plusSeconds(6), "node-1");
        connect("node-2", "live");
        for (int i = 0; i < 20 && table().transfers().isEmpty(); i++) {
            pass(Duration.ofSeconds(1), "node-1", "node-2");
        }
        assertFalse(table().transfers().isEmpty());
        FleetData middle = world.saved.getLast();
        world.restart(middle, new String[0]);
        connect("node-1", "live");
        connect("node-2", "live");
        assertEquals(middle.owners(), world.fleet.owners().tables());
        pass(QUIET.plusSeconds(10), "node-1", "node-2");
        assertEquals(List.of(), table().transfers());
        assertEquals(Set.of("node-1", "node-2"), table().owners().keySet());
    }

    /** SimulatedNode fails the test if it is told what is not saved. */
    @Test
    public void whatCannotBeSavedNobodyIsTold() {
        connect("node-1", "live");
        world.diskFull = true;
        pass(QUIET.plusSeconds(6), "node-1");
        assertEquals(Map.of(), table().owners());
        world.diskFull = false;
        pass(Duration.ofSeconds(6), "node-1");
        assertEquals(Map.of("node-1", "0-1023"), table().owners());
    }

    @Test
    public void aStateThatAnOlderSeedSavedHasNoOwners() throws Exception {
        FleetData older =
                Json.OTHER_VERSION.readValue("{\"apps\":{},\"deployments\":[],\"nodes\":{}}", FleetData.class);
        assertEquals(Map.of(), older.owners());
    }

    @Test
    public void nodesDoNotSayWhoOwnsWhat() {
        connect("node-1", "live");
        world.fleet.received(world.node("node-1"), new LinkFrame.Owners(List.of()));
        assertEquals(1002, world.node("node-1").closed);
    }
}
