package com.espra.protoplex.http.dispatch;

import com.espra.protoplex.api.http.UnitTraffic;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpStatus;

/** Counts the requests of a unit as they end: nothing is allocated, and threads do not meet. */
final class EndedRequests {

    private static final int CLASSES = 6;
    private static final double NANOS_PER_SECOND = 1e9;

    private static final long[] BOUNDS_NANOS = UnitTraffic.BOUNDS_SECONDS.stream()
            .mapToLong(seconds -> Math.round(seconds * NANOS_PER_SECOND))
            .toArray();

    private final String unit;
    private final LongAdder[] byStatus = adders(CLASSES);
    private final LongAdder[] byTime = adders(BOUNDS_NANOS.length + 1);
    private final LongAdder nanos = new LongAdder();

    EndedRequests(String unit) {
        this.unit = unit;
    }

    private static LongAdder[] adders(int count) {
        return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
    }

    /**
     * A request has ended.
     *
     * @param status of its response; 0 if it had none
     * @param took how long it took, in nanoseconds
     */
    void add(int status, long took) {
        byStatus[Math.clamp(status / 100, 0, CLASSES - 1)].increment();
        if (status == HttpStatus.SWITCHING_PROTOCOLS_101) {
            // How long a connection lived says nothing of how fast the unit is.
            return;
        }
        int bound = 0;
        while (bound < BOUNDS_NANOS.length && took > BOUNDS_NANOS[bound]) {
            bound++;
        }
        byTime[bound].increment();
        nanos.add(took);
    }

    UnitTraffic soFar() {
        return new UnitTraffic(unit, sums(byStatus), sums(byTime), nanos.sum() / NANOS_PER_SECOND);
    }

    private static List<Long> sums(LongAdder[] adders) {
        return Arrays.stream(adders).map(LongAdder::sum).toList();
    }
}
