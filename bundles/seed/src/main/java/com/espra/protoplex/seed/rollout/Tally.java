package com.espra.protoplex.seed.rollout;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.util.List;

/** Requests of one build on several nodes, added up. What nodes tell is not believed beyond what can be. */
public final class Tally {

    /** The bounds of {@link LinkFrame.Requests#bySeconds}, in seconds: those of the nodes' meters. */
    private static final double[] BOUNDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0
    };

    /** More than any node can have, and so little that a fleet's sum is a number. */
    private static final long MOST = 1L << 40;

    private final long[] bySeconds = new long[BOUNDS.length + 1];
    private long count;
    private long failed;

    /** Adds a node. */
    public void add(LinkFrame.Requests requests) {
        long all = Math.clamp(requests.count(), 0, MOST);
        count += all;
        failed += Math.clamp(requests.failed(), 0, all);
        List<Long> times = requests.bySeconds();
        for (int i = 0; i < Math.min(times.size(), bySeconds.length); i++) {
            bySeconds[i] += Math.clamp(times.get(i), 0, MOST);
        }
    }

    /** How many there are. */
    public long count() {
        return count;
    }

    /** How many of a hundred failed. */
    public double failedPercent() {
        return count == 0 ? 0 : 100.0 * failed / count;
    }

    /** The seconds within which so large a part of the requests was done, as far as the bounds tell; 0 for none. */
    public double secondsOf(double part) {
        long all = 0;
        for (long each : bySeconds) {
            all += each;
        }
        double wanted = all * part;
        double before = 0;
        for (int i = 0; i < bySeconds.length; i++) {
            if (bySeconds[i] > 0 && before + bySeconds[i] >= wanted) {
                double low = i == 0 ? 0 : BOUNDS[i - 1];
                double high = i < BOUNDS.length ? BOUNDS[i] : BOUNDS[BOUNDS.length - 1] * 2;
                return low + (high - low) * (wanted - before) / bySeconds[i];
            }
            before += bySeconds[i];
        }
        return 0;
    }
}
