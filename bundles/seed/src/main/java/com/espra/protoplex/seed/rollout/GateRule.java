package com.espra.protoplex.seed.rollout;

/**
 * What the new build must do as well as the one before, before the next wave begins.
 *
 * @param on whether requests are looked at; nodes must be well in any case
 * @param leastRequests how many requests say something, of each of the two builds
 * @param errorPoints how many percentage points more of the requests may fail
 * @param slower how many times as long the slowest twentieth of the requests may take
 */
public record GateRule(boolean on, int leastRequests, double errorPoints, double slower) {

    /** Nodes must be well, and that is all. */
    public static final GateRule OFF = new GateRule(false, 0, 0, 0);

    /** Unless somebody says otherwise. */
    public static final GateRule STANDARD = new GateRule(true, 100, 1, 2);

    private static final int MOST_REQUESTS = 1_000_000;
    private static final double MOST_POINTS = 100;
    private static final double MOST_SLOWER = 1000;

    /** @throws RolloutPlanException if a number is out of its range */
    void check() throws RolloutPlanException {
        if (!on) {
            return;
        }
        if (leastRequests < 1 || leastRequests > MOST_REQUESTS) {
            throw new RolloutPlanException(
                    leastRequests + " requests are no sample", "write 1 to " + MOST_REQUESTS + "; 100 is usual");
        }
        if (!(errorPoints >= 0 && errorPoints <= MOST_POINTS)) {
            throw new RolloutPlanException(errorPoints + " are no percentage points", "write 0 to 100; 1 is usual");
        }
        if (!(slower >= 1 && slower <= MOST_SLOWER)) {
            throw new RolloutPlanException(
                    slower + " times as long is no bound", "write 1 to " + (int) MOST_SLOWER + "; 2 is usual");
        }
    }
}
