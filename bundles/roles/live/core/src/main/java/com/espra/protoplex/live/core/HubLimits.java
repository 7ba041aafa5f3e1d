package com.espra.protoplex.live.core;

import java.time.Duration;

/**
 * The bounds of what a node keeps.
 *
 * @param entries how many updates a hub keeps
 * @param bytes how many bytes all hubs of a node keep together, about; when it is more the largest hub forgets its oldest
 * @param age for how long updates are kept
 * @param hubs how many hubs there are
 * @param subscriptions how many subscriptions a node has in all
 */
public record HubLimits(int entries, long bytes, Duration age, int hubs, int subscriptions) {

    /** What is good for most. */
    public static final HubLimits STANDARD = new HubLimits(10_000, 64L << 20, Duration.ofMinutes(10), 1_000, 200_000);
}
