package com.espra.protoplex.child;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.control.DirectoryPart;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

public class ToldFleetTest {

    private final ToldFleet fleet = new ToldFleet();

    private static FleetNode node(String name) {
        return new FleetNode(name, "", Set.of(), Map.of(), Map.of(), true, Instant.EPOCH, "HEALTHY");
    }

    private static DirectoryPart part(long from, long number, boolean whole, long snapshot, String... names) {
        return new DirectoryPart(
                5,
                from,
                number,
                whole,
                true,
                true,
                1,
                snapshot,
                Instant.EPOCH,
                List.of(names).stream().map(ToldFleetTest::node).toList(),
                List.of());
    }

    private Set<String> names() {
        return fleet.shown().map(shown -> shown.nodes().keySet()).orElse(Set.of("nothing"));
    }

    @Test
    public void unknownIsNeverEmpty() {
        assertFalse(
                fleet.take(new DirectoryPart(5, 0, 0, true, false, false, 0, 0, Instant.EPOCH, List.of(), List.of())));
        assertEquals(Optional.empty(), fleet.shown());
        assertTrue(fleet.take(part(0, 0, true, 1)));
        assertEquals("a fleet that is known to be empty", Set.of(), names());
    }

    @Test
    public void aSnapshotIsShownWhenAllOfItIsThere() {
        assertFalse(fleet.take(part(0, 1, false, 1, "a")));
        assertEquals(Optional.empty(), fleet.shown());
        assertEquals(Map.of("start", 5L, "number", 1L), fleet.question());
        assertTrue(fleet.take(part(1, 2, true, 1, "b")));
        assertEquals(Set.of("a", "b"), names());
        assertFalse("nothing is new", fleet.take(part(2, 2, true, 1)));

        assertFalse("another parent tells all anew", fleet.take(part(0, 1, false, 2, "c")));
        assertEquals("until then it is the one before", Set.of("a", "b"), names());
        assertTrue(fleet.take(part(1, 2, true, 2, "d")));
        assertEquals(Set.of("c", "d"), names());
    }

    @Test
    public void whoeverIsGoneIsNotThereAnyMore() {
        assertTrue(fleet.take(part(0, 2, true, 1, "a", "b")));
        assertTrue(
                fleet.take(new DirectoryPart(5, 2, 3, true, true, true, 1, 2, Instant.EPOCH, List.of(), List.of("a"))));
        assertEquals(Set.of("b"), names());
    }
}
