package com.espra.protoplex.fleet.owner;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** What nodes say of epochs that cannot be, and what the Seed makes of it. */
public class OwnerBookTest {

    private static final long LARGEST = 1L << 50;
    private static final long START = 5_000_000_000L;

    /** The leases of the Seed before are over. */
    private static final long NOW = START + 100_000_000_000L;

    private static OwnerBook with(long epoch) {
        return new OwnerBook(
                Map.of("live", new OwnerTable("live", OwnerTable.LEASED, epoch, Map.of("a", "0-1023"), List.of())),
                START);
    }

    private static void says(OwnerBook book, String node, String holds, long epoch) {
        assertTrue(book.reported(node, 1, List.of(new RoleReport("live", holds, epoch, Set.of(), Set.of())), NOW));
    }

    /** As the Seed does: b has not the role. */
    private static long epoch(OwnerBook book) {
        Map<String, OwnerTable> next =
                book.next(Set.of("a", "b"), (node, _) -> node.equals("a"), (node, _) -> node.equals("a"), NOW);
        return next.getOrDefault("live", OwnerTable.of("live", OwnerTable.LEASED))
                .epoch();
    }

    @Test
    public void whatANodeWithoutTheRoleSaysOfItsTableCountsForNothing() {
        OwnerBook book = with(7);
        says(book, "a", OwnerTable.LEASED, 7);
        says(book, "b", "", LARGEST);

        assertEquals(7, epoch(book));
    }

    @Test
    public void aTableBeyondTheLargestEpochIsStillOneThatNodesGoBy() {
        OwnerBook book = with(LARGEST + 1);
        says(book, "a", OwnerTable.LEASED, LARGEST + 1);
        says(book, "b", "", LARGEST + 2);

        assertEquals(LARGEST + 1, epoch(book));
        assertEquals("a is heard", Set.of("a"), book.members("live"));
    }
}
