package com.espra.protoplex.agent.traffic;

import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests of a unit that have ended, as its meters said at a moment.
 *
 * @param nanos the moment, by {@link System#nanoTime}
 * @param count all of them
 * @param failed those of a status of 500 and above, or without a response
 * @param bySeconds by how long they took
 */
record Counted(long nanos, long count, long failed, List<Long> bySeconds) {

    private static final long SECOND = 1_000_000_000L;
    private static final int NO_RESPONSE = 0;
    private static final int SERVER_ERROR = 5;

    static Counted of(UnitTraffic traffic, long nanos) {
        List<Long> byStatus = traffic.byStatus();
        long count = byStatus.stream().mapToLong(Long::longValue).sum();
        return new Counted(nanos, count, at(byStatus, NO_RESPONSE) + at(byStatus, SERVER_ERROR), traffic.bySeconds());
    }

    private static long at(List<Long> counts, int index) {
        return index < counts.size() ? counts.get(index) : 0;
    }

    /** Nobody had asked yet. */
    static Counted none(long nanos) {
        return new Counted(nanos, 0, 0, List.of());
    }

    /** Whether the meters began anew after that. */
    boolean isBefore(Counted other) {
        return count < other.count;
    }

    /** What came after an earlier moment. */
    LinkFrame.Requests since(Counted earlier) {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < bySeconds.size(); i++) {
            times.add(bySeconds.get(i) - at(earlier.bySeconds, i));
        }
        return new LinkFrame.Requests(
                (nanos - earlier.nanos) / SECOND, count - earlier.count, failed - earlier.failed, times);
    }
}
