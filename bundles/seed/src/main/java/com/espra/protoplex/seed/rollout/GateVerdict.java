package com.espra.protoplex.seed.rollout;

import java.util.Locale;

/**
 * Whether a new build serves as well as the one before.
 *
 * @param kind which it is
 * @param word why, for people
 */
public record GateVerdict(Kind kind, String word) {

    private static final double SLOW_PART = 0.95;

    /** Below that, what differs is the noise of the machine. */
    private static final double NOISE_SECONDS = 0.005;

    private static final double MILLIS = 1000;

    /** What can be said. */
    public enum Kind {
        /** It does. */
        PASS,
        /** It does not. */
        FAIL,
        /** Nobody asked for either of them, so that nobody can be harmed. */
        NO_DATA,
        /** Too few asked to tell. */
        INCONCLUSIVE
    }

    /**
     * Compares.
     *
     * @param now the requests of the new build, on the nodes that have it
     * @param before those of the build before, on the same nodes and in the minutes before
     * @param first whether nothing served before: then the new build is compared with one that never fails
     */
    public static GateVerdict of(GateRule rule, Tally now, Tally before, boolean first) {
        if (now.count() == 0 && before.count() == 0) {
            return new GateVerdict(Kind.NO_DATA, "no data: nobody asked for it, so its nodes' health alone counts");
        }
        if (now.count() < rule.leastRequests()) {
            return new GateVerdict(
                    Kind.INCONCLUSIVE,
                    "inconclusive: " + now.count() + " requests, and " + rule.leastRequests()
                            + " say something (--min-requests)");
        }
        double allowed = first ? 0 : before.failedPercent();
        boolean known = first || before.count() >= rule.leastRequests();
        if (known && now.failedPercent() > allowed + rule.errorPoints()) {
            return new GateVerdict(
                    Kind.FAIL,
                    percent(now.failedPercent()) + " of " + now.count() + " requests failed, and before "
                            + percent(allowed) + (first ? "" : " of " + before.count()));
        }
        if (!known) {
            return new GateVerdict(
                    Kind.INCONCLUSIVE,
                    "inconclusive: " + before.count() + " requests to the build before, and " + rule.leastRequests()
                            + " say something (--min-requests)");
        }
        double slow = now.secondsOf(SLOW_PART);
        double was = before.secondsOf(SLOW_PART);
        if (!first && slow > NOISE_SECONDS && slow > was * rule.slower()) {
            return new GateVerdict(
                    Kind.FAIL,
                    "the slowest twentieth of its requests takes " + millis(slow) + ", and before " + millis(was));
        }
        return new GateVerdict(
                Kind.PASS,
                percent(now.failedPercent()) + " of " + now.count() + " requests failed"
                        + (first ? "" : " (before " + percent(allowed) + ")") + ", 95 of 100 are done in "
                        + millis(slow)
                        + (first ? "" : " (before " + millis(was) + ")"));
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f %%", value);
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.1f ms", seconds * MILLIS);
    }
}
