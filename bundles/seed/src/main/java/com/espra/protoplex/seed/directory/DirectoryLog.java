package com.espra.protoplex.seed.directory;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The rows of the directory, each under the number of its last change: whoever stands at a number needs what is above it, and a row that changed
 * twice comes once. One thread uses it.
 */
final class DirectoryLog {

    /** Nodes that are forgotten are remembered so far: who does not know of that many starts from nothing. */
    private static final int MAX_GONE = 1_000;

    /** What a row has besides its texts, in JSON. */
    private static final int ROW_BYTES = 160;

    private final long epoch;
    private final NavigableMap<Long, Entry> entries = new TreeMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private final NavigableMap<Long, String> gone = new TreeMap<>();
    private long head;
    private long dropped;

    private record Entry(LinkFrame.Row row, int bytes) {}

    /** @param start when this Seed was started */
    DirectoryLog(Instant start) {
        epoch = start.toEpochMilli();
    }

    /** The number of the newest change. */
    long head() {
        return head;
    }

    /** A node is so now. */
    void put(LinkFrame.Row row) {
        Long number = numbers.get(row.node());
        Entry before = number == null ? null : entries.get(number);
        if (before != null && before.row().equals(row)) {
            return;
        }
        if (number != null) {
            entries.remove(number);
            gone.remove(number);
        }
        head++;
        entries.put(head, new Entry(row, bytes(row)));
        numbers.put(row.node(), head);
        if (row.gone()) {
            gone.put(head, row.node());
            dropOldest();
        }
    }

    private void dropOldest() {
        if (gone.size() > MAX_GONE) {
            Map.Entry<Long, String> oldest = gone.pollFirstEntry();
            dropped = oldest.getKey();
            entries.remove(oldest.getKey());
            numbers.remove(oldest.getValue());
        }
    }

    /** Where somebody stands who knows this. */
    long position(LinkFrame.Follow follow) {
        boolean known = follow.epoch() == epoch && follow.number() >= dropped && follow.number() <= head;
        return known ? follow.number() : 0;
    }

    /**
     * What comes after a number.
     *
     * @param bytes about how much of it; one row at least
     */
    LinkFrame.Directory after(long number, int bytes, Instant now) {
        long from = number >= dropped ? number : 0;
        List<LinkFrame.Row> rows = new ArrayList<>();
        long reached = head;
        int left = bytes;
        for (Map.Entry<Long, Entry> each : entries.tailMap(from, false).entrySet()) {
            if (!rows.isEmpty() && left < each.getValue().bytes()) {
                reached = each.getKey() - 1;
                break;
            }
            left -= each.getValue().bytes();
            rows.add(each.getValue().row());
        }
        return new LinkFrame.Directory(epoch, from, reached, head, now.toEpochMilli(), rows);
    }

    static int bytes(List<LinkFrame.Row> rows) {
        return rows.stream().mapToInt(DirectoryLog::bytes).sum();
    }

    private static int bytes(LinkFrame.Row row) {
        int bytes = ROW_BYTES + row.node().length();
        for (String role : row.roles()) {
            bytes += role.length() + 3;
        }
        for (Map.Entry<String, String> address : row.addresses().entrySet()) {
            bytes += address.getKey().length() + address.getValue().length() + 6;
        }
        for (LinkFrame.Unit unit : row.units()) {
            bytes += unit.unit().length() + unit.version().length() + 64;
            for (String route : unit.routes()) {
                bytes += route.length() + 3;
            }
        }
        return bytes;
    }
}
