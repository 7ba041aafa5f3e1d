package com.espra.protoplex.live.core.log;

import com.espra.protoplex.live.core.HubEntry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A queue of entries that is read at any place. */
final class Ring {

    private static final int SMALLEST = 16;

    private @Nullable HubEntry[] entries = new HubEntry[SMALLEST];
    private long[] arrived = new long[SMALLEST];
    private long[] weights = new long[SMALLEST];
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(HubEntry entry, long arrivedAt, long weight) {
        if (size == entries.length) {
            resize(2 * size);
        }
        int at = (head + size++) & (entries.length - 1);
        entries[at] = entry;
        arrived[at] = arrivedAt;
        weights[at] = weight;
    }

    private void resize(int length) {
        @Nullable HubEntry[] more = new HubEntry[length];
        long[] moreArrived = new long[length];
        long[] moreWeights = new long[length];
        for (int i = 0; i < size; i++) {
            int at = (head + i) & (entries.length - 1);
            more[i] = entries[at];
            moreArrived[i] = arrived[at];
            moreWeights[i] = weights[at];
        }
        entries = more;
        arrived = moreArrived;
        weights = moreWeights;
        head = 0;
    }

    HubEntry get(int index) {
        HubEntry entry = index < 0 || index >= size ? null : entries[(head + index) & (entries.length - 1)];
        if (entry == null) {
            throw new IndexOutOfBoundsException(index + " of " + size);
        }
        return entry;
    }

    /** When the oldest arrived. */
    long arrived() {
        return arrived[head];
    }

    /** What the oldest takes. */
    long weight() {
        return weights[head];
    }

    HubEntry remove() {
        HubEntry oldest = get(0);
        entries[head] = null;
        head = (head + 1) & (entries.length - 1);
        size--;
        if (size == 0 && entries.length > SMALLEST) {
            entries = Arrays.copyOf(entries, SMALLEST);
            Arrays.fill(entries, null);
            arrived = new long[SMALLEST];
            weights = new long[SMALLEST];
            head = 0;
        } else if (entries.length > SMALLEST && size < entries.length / 4) {
            resize(entries.length / 2);
        }
        return oldest;
    }
}
