package com.espra.protoplex.datastore.engine;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Which keys the last commits have changed, bounded in number: what a transaction is compared with. One thread has it. */
final class Changes {

    private static final int MOST_KEYS = 200_000;
    private static final int MOST_BYTES = 32 << 20;

    private record Change(long version, Collection<byte[]> keys, int bytes) {}

    private final Deque<Change> changes = new ArrayDeque<>();
    private long forgotten;
    private int keys;
    private long bytes;

    Changes(long version) {
        forgotten = version;
    }

    void add(long version, Collection<byte[]> changed) {
        int size = 0;
        for (byte[] key : changed) {
            size += key.length + 16;
        }
        // The keys alone: a view of the commit would keep all its values.
        changes.add(new Change(version, List.copyOf(changed), size));
        keys += changed.size();
        bytes += size;
        while (keys > MOST_KEYS || bytes > MOST_BYTES) {
            Change oldest = changes.remove();
            forgotten = oldest.version;
            keys -= oldest.keys.size();
            bytes -= oldest.bytes;
        }
    }

    /** Whether anything that was read has changed since. What nobody remembers has. */
    boolean conflict(ReadSet reads) {
        if (reads.isEmpty()) {
            return false;
        }
        if (reads.version() < forgotten) {
            return true;
        }
        for (Iterator<Change> latest = changes.descendingIterator(); latest.hasNext(); ) {
            Change change = latest.next();
            if (change.version <= reads.version()) {
                return false;
            }
            for (byte[] key : change.keys) {
                if (reads.has(key)) {
                    return true;
                }
            }
        }
        return false;
    }
}
