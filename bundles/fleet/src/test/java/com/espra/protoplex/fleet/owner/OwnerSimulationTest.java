package com.espra.protoplex.fleet.owner;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.owner.SlotFleet.SlotNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Test;

/** Seed and nodes together, with whatever may happen to them. {@link SlotFleet} looks after each event that no slot has two owners. */
public final class OwnerSimulationTest {

    private static final Duration LONG = Duration.ofSeconds(90);

    private static SlotFleet fleet(long seed, int count) {
        SlotFleet fleet = new SlotFleet(seed);
        for (int i = 1; i <= count; i++) {
            fleet.node("node-" + i);
        }
        fleet.startSeed();
        List.copyOf(fleet.nodes.values()).forEach(SlotNode::start);
        return fleet;
    }

    private static int moved(String[] before, String[] after) {
        int moved = 0;
        for (int slot = 0; slot < before.length; slot++) {
            moved += before[slot].equals(after[slot]) ? 0 : 1;
        }
        return moved;
    }

    @Test
    public void aFleetThatStartsHasAnOwnerOfEachSlot() {
        SlotFleet fleet = fleet(1, 5);
        fleet.run(Duration.ofSeconds(40));
        fleet.requireHealed(fleet.nodes.keySet());
    }

    @Test
    public void aShortAbsenceMovesNothing() {
        SlotFleet fleet = fleet(2, 4);
        fleet.run(LONG);
        OwnerTable before = fleet.table();
        SlotNode node = fleet.node("node-2");
        node.cut = true;
        fleet.run(Duration.ofSeconds(6));
        node.cut = false;
        fleet.run(LONG);
        assertEquals(before, fleet.table());
        fleet.requireHealed(fleet.nodes.keySet());
    }

    @Test
    public void whoIsCutOffCeasesToOwnBeforeAnotherDoes() {
        SlotFleet fleet = fleet(3, 4);
        fleet.run(LONG);
        String[] before = fleet.table().bySlot();
        SlotNode node = fleet.node("node-2");
        int its = node.owning().cardinality();
        node.cut = true;
        fleet.run(LONG);
        assertTrue(node.owning().isEmpty());
        fleet.requireHealed(Set.of("node-1", "node-3", "node-4"));
        int moved = moved(before, fleet.table().bySlot());
        assertTrue(moved + " slots moved, and it had " + its, moved <= its + 16);
        node.cut = false;
        fleet.run(LONG);
        fleet.requireHealed(fleet.nodes.keySet());
    }

    @Test
    public void aDeadOwnersSlotsAreOwnedWithinSeconds() {
        SlotFleet fleet = fleet(4, 4);
        fleet.run(LONG);
        fleet.node("node-3").kill();
        fleet.run(LeaseBook.AT_SEED.plusSeconds(3));
        fleet.requireHealed(Set.of("node-1", "node-2", "node-4"));
    }

    @Test
    public void whileNoSeedIsThereTheAssignmentStands() {
        SlotFleet fleet = fleet(5, 4);
        fleet.run(LONG);
        OwnerTable before = fleet.table();
        fleet.killSeed();
        fleet.run(LONG);
        for (SlotNode node : fleet.nodes.values()) {
            assertEquals(before, node.slots.table());
        }
        fleet.startSeed();
        fleet.run(LONG);
        assertEquals(before, fleet.table());
        fleet.requireHealed(fleet.nodes.keySet());
    }

    @Test
    public void aSeedThatIsBackWithinTheLeaseIsNotNoticed() {
        SlotFleet fleet = fleet(6, 4);
        fleet.run(LONG);
        fleet.killSeed();
        fleet.run(Duration.ofSeconds(4));
        fleet.startSeed();
        for (int i = 0; i < 60; i++) {
            fleet.run(Duration.ofMillis(500));
            fleet.requireHealed(fleet.nodes.keySet());
        }
    }

    @Test
    public void aSeedThatHasLostItsTableWaitsForTheLeasesOfTheOneBefore() {
        SlotFleet fleet = fleet(7, 6);
        fleet.run(LONG);
        long epoch = fleet.table().epoch();
        fleet.killSeed();
        fleet.node("node-1").cut = true;
        fleet.run(Duration.ofSeconds(1));
        fleet.startSeed(Map.of());
        fleet.run(LONG);
        fleet.node("node-1").cut = false;
        fleet.run(LONG);
        fleet.requireHealed(fleet.nodes.keySet());
        assertTrue(fleet.table().epoch() > epoch);
    }

    @Test
    public void aNodeWithoutAHolderLetsGoInOrder() {
        SlotFleet fleet = fleet(8, 3);
        fleet.run(LONG);
        fleet.node("node-1").holder(false);
        fleet.run(LONG);
        fleet.requireHealed(Set.of("node-2", "node-3"));
        fleet.node("node-1").holder(true);
        fleet.run(LONG);
        fleet.requireHealed(fleet.nodes.keySet());
    }

    @Test
    public void anotherVersionOfTheHolderTakesOverWhatTheNodeOwns() {
        SlotFleet fleet = fleet(9, 3);
        fleet.run(LONG);
        OwnerTable before = fleet.table();
        fleet.node("node-1").holder(false);
        fleet.run(Duration.ofSeconds(3));
        fleet.node("node-1").holder(true);
        fleet.run(LONG);
        assertEquals(before, fleet.table());
        fleet.requireHealed(fleet.nodes.keySet());
    }

    @Test
    public void whoIsDrainedOwnsNothingWhenAllKnow() {
        SlotFleet fleet = fleet(10, 4);
        fleet.run(LONG);
        fleet.node("node-4").drained = true;
        fleet.run(LONG);
        assertTrue(fleet.node("node-4").owning().isEmpty());
        fleet.requireHealed(Set.of("node-1", "node-2", "node-3"));
    }

    @Test
    public void manyNodesAskAndSomeOwn() {
        SlotFleet fleet = new SlotFleet(11);
        fleet.every = 5_000;
        for (int i = 1; i <= 1_000; i++) {
            SlotNode node = fleet.node("node-" + i);
            node.holder = i <= 30;
        }
        fleet.startSeed();
        List.copyOf(fleet.nodes.values()).forEach(SlotNode::start);
        fleet.run(Duration.ofSeconds(40));
        Set<String> members = new TreeSet<>();
        fleet.nodes.values().stream().filter(node -> node.holder).forEach(node -> members.add(node.name));
        fleet.requireHealed(members);
    }

    /** Crashes, partitions, drains, swaps, slow and failing holders, lost state: and then peace. */
    @Test
    public void whateverHappensNoSlotHasTwoOwnersAndAllHaveOneAfterwards() {
        for (long seed = 1; seed <= 6; seed++) {
            SlotFleet fleet = fleet(seed, 3 + (int) (seed % 6));
            fleet.slowest = seed % 2 == 0 ? 20_000_000 : 3_000_000_000L;
            fleet.twice = 10;
            fleet.failing = 5;
            fleet.crashing = 30;
            for (int round = 0; round < 30; round++) {
                trouble(fleet);
                fleet.run(Duration.ofMillis(fleet.random.nextInt(8_000)));
            }
            fleet.failing = 0;
            fleet.crashing = 0;
            fleet.slowest = 20_000_000;
            fleet.killSeed();
            fleet.startSeed();
            for (SlotNode node : fleet.nodes.values()) {
                node.cut = false;
                node.drained = false;
                if (!node.up) {
                    node.start();
                }
                if (!node.holder) {
                    node.holder(true);
                }
            }
            fleet.run(Duration.ofSeconds(180));
            try {
                fleet.requireHealed(fleet.nodes.keySet());
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static void trouble(SlotFleet fleet) {
        List<SlotNode> all = List.copyOf(fleet.nodes.values());
        SlotNode node = all.get(fleet.random.nextInt(all.size()));
        switch (fleet.random.nextInt(9)) {
            case 0 -> node.kill();
            case 1 -> node.cut = !node.cut;
            case 2 -> node.drained = !node.drained;
            case 3 -> node.holder(!node.holder);
            case 4 -> {
                fleet.killSeed();
                fleet.after(fleet.random.nextInt(30_000) * 1_000_000L, fleet::startSeed);
            }
            case 5 -> {
                node.kill();
                node.start();
            }
            case 6 -> {
                if (fleet.random.nextInt(6) == 0) {
                    fleet.killSeed();
                    fleet.startSeed(Map.of());
                }
            }
            default -> {
                if (!node.up) {
                    node.start();
                }
            }
        }
    }
}
