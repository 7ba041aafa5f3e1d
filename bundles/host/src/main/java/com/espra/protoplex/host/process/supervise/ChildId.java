package com.espra.protoplex.host.process.supervise;

import java.util.Comparator;

/**
 * A child: one process, never started twice.
 *
 * @param slot which of the node's children it is, from 0 on; its replacement has the same
 * @param number counts all the processes that were ever started by this parent, from 1 on
 */
public record ChildId(int slot, long number) implements Comparable<ChildId> {

    private static final Comparator<ChildId> ORDER = Comparator.comparingLong(ChildId::number);

    @Override
    public int compareTo(ChildId other) {
        return ORDER.compare(this, other);
    }

    /** Such as child-0.7. */
    @Override
    public String toString() {
        return "child-" + slot + "." + number;
    }
}
