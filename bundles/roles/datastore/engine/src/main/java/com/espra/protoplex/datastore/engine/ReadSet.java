package com.espra.protoplex.datastore.engine;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a transaction has read: single keys, and ranges of keys including those that were not there, so that what appears in a range is
 * a conflict too. Bounded by {@link #MOST_BYTES}.
 *
 * <p>Threads: safe from any; the one that reads and the one that commits.
 */
public final class ReadSet {

    /** How much a transaction may read, as the sum of the lengths of the keys. */
    public static final int MOST_BYTES = 8 << 20;

    private long version;
    private final Set<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    /** Start to end; none overlaps another. */
    private final TreeMap<byte[], byte[]> ranges = new TreeMap<>(Arrays::compareUnsigned);

    private int bytes;

    /** Nothing yet, at this version. */
    public ReadSet(long version) {
        this.version = version;
    }

    /** As long as nothing was read, it is read at this version from now on. */
    public synchronized void readAt(long later) {
        if (isEmpty()) {
            version = later;
        }
    }

    /** The version that was read at. */
    public synchronized long version() {
        return version;
    }

    /**
     * A single key was looked for.
     *
     * @throws StoreException if it is too much
     */
    public synchronized void key(byte[] key) {
        if (keys.add(key)) {
            grow(key.length);
        }
    }

    /**
     * All from a key to another one, without the latter.
     *
     * @throws StoreException if it is too much
     */
    public synchronized void range(byte[] from, byte[] to) {
        byte[] start = from;
        byte[] end = to;
        Map.Entry<byte[], byte[]> before = ranges.floorEntry(start);
        if (before != null && Arrays.compareUnsigned(before.getValue(), start) >= 0) {
            if (Arrays.compareUnsigned(before.getValue(), end) >= 0) {
                return;
            }
            start = before.getKey();
        }
        Map<byte[], byte[]> covered = ranges.subMap(start, true, end, true);
        for (byte[] each : covered.values()) {
            end = Arrays.compareUnsigned(each, end) > 0 ? each : end;
        }
        covered.clear();
        ranges.put(start, end);
        grow(start.length + end.length);
    }

    private void grow(int more) {
        bytes += more + 32;
        if (bytes > MOST_BYTES) {
            throw new StoreException(
                    StoreException.Reason.CONFLICT,
                    "a transaction has read more than " + MOST_BYTES + " bytes of keys: read less in one transaction");
        }
    }

    /** About how much memory it takes for what was read: it only grows. */
    public synchronized int bytes() {
        return bytes;
    }

    /** Whether it has read this key, alone or within a range. */
    synchronized boolean has(byte[] key) {
        if (keys.contains(key)) {
            return true;
        }
        Map.Entry<byte[], byte[]> range = ranges.floorEntry(key);
        return range != null && Arrays.compareUnsigned(key, range.getValue()) < 0;
    }

    synchronized boolean isEmpty() {
        return keys.isEmpty() && ranges.isEmpty();
    }
}
