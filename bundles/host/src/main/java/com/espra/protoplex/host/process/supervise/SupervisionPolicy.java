package com.espra.protoplex.host.process.supervise;

import java.time.Duration;

/**
 * How children are supervised.
 *
 * @param children how many serve, at least 1
 * @param standby how many more are kept prepared, so that one that is lost is replaced at once; not where {@code exclusive}
 * @param start how long a child may take until it is prepared
 * @param heartbeat how long a child may be silent before it counts as hung
 * @param drain how long a child may take to end what it has begun
 * @param dump how long a hung child is given to write its threads before it is killed
 * @param firstPause the pause before the second restart in a row; the first has none, each further one doubles it
 * @param longestPause the bound of the pause
 * @param stable how long a child must have served for its slot's failures to be forgotten
 * @param unhealthyAfter after how many failures in a row of one slot the node is unhealthy
 * @param memoryBytes the resident memory at which a child is replaced
 * @param exclusive whether no two processes of one slot may run at a time, because what they work on has one owner: a successor then
 *     starts when the old process is gone, and not beside it
 */
public record SupervisionPolicy(
        int children,
        int standby,
        Duration start,
        Duration heartbeat,
        Duration drain,
        Duration dump,
        Duration firstPause,
        Duration longestPause,
        Duration stable,
        int unhealthyAfter,
        long memoryBytes,
        boolean exclusive) {

    /** What is right for most nodes. */
    public static SupervisionPolicy standard(int children, long memoryBytes) {
        return new SupervisionPolicy(
                children,
                0,
                Duration.ofSeconds(60),
                Duration.ofSeconds(3),
                Duration.ofSeconds(30),
                Duration.ofMillis(300),
                Duration.ofMillis(200),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                3,
                memoryBytes,
                false);
    }

    /** Checks the numbers. */
    public SupervisionPolicy {
        if (children < 1 || unhealthyAfter < 1) {
            throw new IllegalArgumentException("children and unhealthyAfter must be at least 1");
        }
        if (standby < 0 || (standby > 0 && exclusive)) {
            throw new IllegalArgumentException("no child stands by for one that must be alone");
        }
    }

    /** The pause before a restart, when the slot has failed this many times in a row. */
    long pauseMillis(int failures) {
        if (failures <= 1) {
            return 0;
        }
        // A shift of more than 30 would be past any bound, and past a long.
        long pause = firstPause.toMillis() << Math.min(failures - 2, 30);
        return Math.min(longestPause.toMillis(), pause);
    }
}
