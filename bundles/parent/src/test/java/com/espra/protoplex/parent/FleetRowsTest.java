package com.espra.protoplex.parent;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetNode.ServedUnit;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.control.DirectoryPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Test;

public class FleetRowsTest {

    private final FleetRows rows = new FleetRows(7);
    private final Map<String, FleetNode> nodes = new HashMap<>();
    private final Map<String, FleetNode> told = new HashMap<>();
    private long snapshot;
    private DirectoryPart last =
            new DirectoryPart(0, 0, 0, true, false, false, 0, 0, Instant.EPOCH, List.of(), List.of());

    private static FleetNode node(String name, String version, int routes) {
        return new FleetNode(
                name,
                "r",
                Set.of("app"),
                Map.of("meta", "http://" + name),
                Map.of("app", new ServedUnit(version, Collections.nCopies(routes, "/a/route/of/some/length/*"))),
                true,
                Instant.EPOCH,
                "HEALTHY");
    }

    private void put(FleetNode node) {
        nodes.put(node.name(), node);
    }

    /** Asks until it knows all, as a child does, over what would travel; returns how many nodes it was told of. */
    private int ask() {
        FleetSnapshot now = new FleetSnapshot(1, ++snapshot, Instant.EPOCH, nodes);
        int count = 0;
        do {
            DirectoryPart part = rows.since(now, true, last.start(), last.number());
            assertTrue("it fits", part.map().toString().length() < 700_000);
            assertEquals(part, DirectoryPart.of(part.map()));
            if (part.from() == 0) {
                told.clear();
            }
            part.nodes().forEach(node -> told.put(node.name(), node));
            part.gone().forEach(told::remove);
            count += part.nodes().size() + part.gone().size();
            last = part;
        } while (!last.whole());
        return count;
    }

    @Test
    public void nothingWasEverHeard() {
        DirectoryPart part = rows.since(null, false, 0, 0);
        assertFalse(part.known());
        assertTrue(part.whole());
    }

    @Test
    public void aChildGetsWhatIsNewToIt() {
        put(node("a", "1", 1));
        put(node("b", "1", 1));
        assertEquals(2, ask());
        assertEquals(0, ask());
        put(node("b", "2", 1));
        assertEquals(1, ask());
        nodes.remove("a");
        assertEquals(1, ask());
        assertEquals(nodes, told);
        put(node("a", "1", 1));
        assertEquals(1, ask());
        assertEquals(nodes, told);
    }

    @Test
    public void aLargeFleetComesInParts() {
        for (int i = 0; i < 300; i++) {
            put(node("node-" + i, "1", 100));
        }
        FleetSnapshot now = new FleetSnapshot(1, 1, Instant.EPOCH, nodes);
        assertFalse(rows.since(now, true, 0, 0).whole());
        assertEquals(300, ask());
        assertEquals(nodes, told);
    }

    @Test
    public void aNodeWithTooManyRoutesIsToldWithoutThem() {
        put(node("a", "1", 20_000));
        ask();
        ServedUnit unit = told.get("a").units().get("app");
        assertEquals(new ServedUnit("1", List.of()), unit);
    }

    @Test
    public void whoeverKnowsAnotherParentsNumbersIsToldAll() {
        put(node("a", "1", 1));
        ask();
        FleetSnapshot now = new FleetSnapshot(1, ++snapshot, Instant.EPOCH, nodes);
        DirectoryPart part = new FleetRows(8).since(now, true, last.start(), 1);
        assertEquals(0, part.from());
        assertEquals(List.of("a"), part.nodes().stream().map(FleetNode::name).toList());
    }

    @Test
    public void namesThatComeAndGoFillNoMemory() {
        List<Long> starts = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            nodes.clear();
            put(node("node-" + i, "1", 0));
            ask();
            assertEquals(nodes, told);
            starts.add(last.start());
        }
        assertEquals("told anew once", Set.of(7L, 8L), new TreeSet<>(starts));
    }
}
