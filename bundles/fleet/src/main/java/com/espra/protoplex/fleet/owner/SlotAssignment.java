package com.espra.protoplex.fleet.owner;

import com.espra.protoplex.fleet.build.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Which node should own which slot: rendezvous hashing with bounded load. It depends on the names of the nodes alone, so any Seed comes to the
 * same; and when one node comes or goes, little moves besides its own share.
 */
public final class SlotAssignment {

    private SlotAssignment() {}

    /**
     * The node of each slot.
     *
     * @param names not empty
     */
    public static String[] of(Collection<String> names) {
        List<String> nodes = names.stream().sorted().distinct().toList();
        long[] hashes = nodes.stream().mapToLong(SlotAssignment::hash).toArray();
        int[] left = new int[hashes.length];
        Arrays.fill(left, most(hashes.length));
        String[] assigned = new String[SlotRanges.COUNT];
        for (int slot = 0; slot < assigned.length; slot++) {
            int best = best(hashes, left, mix(slot + 1L));
            left[best]--;
            assigned[slot] = nodes.get(best);
        }
        return assigned;
    }

    /** How many slots a node has at the most: a quarter more than it had if all had the same. */
    public static int most(int nodes) {
        return Math.ceilDiv(SlotRanges.COUNT * 5, nodes * 4);
    }

    /** The one with the highest score of those that have room. There is always one: all together have more room than there are slots. */
    private static int best(long[] hashes, int[] left, long slot) {
        int best = -1;
        long highest = 0;
        for (int node = 0; node < hashes.length; node++) {
            long score = mix(hashes[node] ^ slot);
            if (left[node] > 0 && (best < 0 || Long.compareUnsigned(score, highest) > 0)) {
                best = node;
                highest = score;
            }
        }
        return best;
    }

    private static long hash(String name) {
        return Long.parseUnsignedLong(
                Sha256.of(name.getBytes(StandardCharsets.UTF_8)).substring(0, 16), 16);
    }

    /** SplitMix64's finalizer. */
    private static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
