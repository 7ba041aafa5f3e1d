package com.espra.protoplex.proxy.server.config;

import com.espra.protoplex.api.http.Route;

/**
 * How many requests are let through.
 *
 * @param route for which
 * @param ofClient of each client, or of all together
 * @param requests how many
 * @param seconds in how many seconds
 * @param burst how many at once
 */
public record Rate(Route route, boolean ofClient, long requests, long seconds, long burst) {

    /** How far apart requests are, in nanoseconds. */
    public long spacingNanos() {
        return Math.max(1, seconds * 1_000_000_000L / requests);
    }
}
