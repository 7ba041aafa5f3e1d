package com.espra.protoplex.fleet.owner;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

public final class SlotAssignmentTest {

    private static List<String> nodes(int count) {
        List<String> nodes = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            nodes.add("node-" + i);
        }
        return nodes;
    }

    private static int moved(String[] before, String[] after, String gone) {
        int moved = 0;
        for (int slot = 0; slot < before.length; slot++) {
            if (!before[slot].equals(after[slot]) && !before[slot].equals(gone)) {
                moved++;
            }
        }
        return moved;
    }

    @Test
    public void theOrderInWhichNodesAreNamedDoesNotMatter() {
        List<String> shuffled = nodes(50);
        Collections.shuffle(shuffled, new Random(1));
        assertArrayEquals(SlotAssignment.of(nodes(50)), SlotAssignment.of(shuffled));
    }

    @Test
    public void nobodyHasMoreThanAQuarterMoreThanTheOthers() {
        for (int count : List.of(1, 2, 3, 7, 40, 300, 1024, 3000)) {
            Map<String, Integer> load = new HashMap<>();
            for (String node : SlotAssignment.of(nodes(count))) {
                load.merge(node, 1, Integer::sum);
            }
            int most = Collections.max(load.values());
            assertTrue(count + " nodes: " + most, most <= SlotAssignment.most(count));
        }
    }

    @Test
    public void whenANodeGoesLittleMovesBesidesItsOwn() {
        for (int count : List.of(2, 3, 5, 10, 30, 100, 300)) {
            List<String> fewer = nodes(count);
            String[] before = SlotAssignment.of(fewer);
            String gone = fewer.remove(count / 2);
            int others = moved(before, SlotAssignment.of(fewer), gone);
            assertTrue(
                    count + " nodes: " + others + " slots of others moved", others <= 2 * SlotRanges.COUNT / count + 8);
        }
    }

    @Test
    public void whenANodeComesItGetsItsShareAndLittleElseMoves() {
        for (int count : List.of(1, 2, 3, 5, 10, 30, 100, 300)) {
            String[] before = SlotAssignment.of(nodes(count));
            String[] after = SlotAssignment.of(nodes(count + 1));
            String comer = "node-" + (count + 1);
            int its = 0;
            for (String node : after) {
                its += node.equals(comer) ? 1 : 0;
            }
            int all = moved(before, after, "");
            int share = SlotRanges.COUNT / (count + 1);
            assertTrue(count + " nodes: it gets " + its, its > 0);
            assertTrue(count + " nodes: " + all + " moved", all <= 3 * share + 8);
        }
    }
}
