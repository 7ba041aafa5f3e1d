package com.espra.protoplex.agent.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long the link waits for what.
 *
 * @param connect for a connection, with its handshake
 * @param write for one frame to be taken by the network
 * @param ping between two pings, when there is nothing to say
 * @param silence without a sign of the Seed, until the connection is taken for dead
 * @param firstPause before the first new attempt
 * @param longestPause between attempts that keep failing
 * @param farewell for the Seed to answer a close
 */
public record Timing(
        Duration connect,
        Duration write,
        Duration ping,
        Duration silence,
        Duration firstPause,
        Duration longestPause,
        Duration farewell) {

    /** What nodes use. */
    public static final Timing DEFAULT = new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            Duration.ofMillis(500));

    /** No Seed sends a node away for longer. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /** The pause of a node that the Seed has told when to come again: a little later, so that those with one time do not come at one moment. */
    Duration wait(Duration told, RandomGenerator random) {
        long millis = Math.min(told.toMillis(), LONGEST_WAIT.toMillis());
        return Duration.ofMillis(millis + random.nextLong(millis / 4 + 1));
    }

    /**
     * The pause before the next attempt: it doubles from failure to failure, and is between half and all of that, so that a fleet which
     * lost its Seed at one moment does not come back at one moment.
     *
     * @param failures attempts that have failed in a row, at least 1
     */
    Duration pause(int failures, RandomGenerator random) {
        long doubled = firstPause.toMillis() << Math.min(failures - 1, 20);
        long millis = Math.min(doubled, longestPause.toMillis());
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }
}
