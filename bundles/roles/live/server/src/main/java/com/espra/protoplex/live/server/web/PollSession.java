package com.espra.protoplex.live.server.web;

import com.espra.protoplex.live.server.select.Selector;
import java.util.Map;

/**
 * What a client that polls subscribes to.
 *
 * @param id what it says to be known again; nobody else can guess it
 * @param hub whose updates it hears
 * @param address the client's
 * @param seesPrivate whether it may see private updates
 * @param queries what it subscribes to, by its own names
 * @param at the place up to which it was told; empty before the first
 * @param end when it is forgotten, by the monotonic clock in milliseconds
 */
record PollSession(
        String id,
        String hub,
        String address,
        boolean seesPrivate,
        Map<String, Selector> queries,
        String at,
        long end) {

    PollSession {
        queries = Map.copyOf(queries);
    }

    PollSession with(Map<String, Selector> other) {
        return new PollSession(id, hub, address, seesPrivate, other, at, end);
    }

    PollSession until(String place, long later) {
        return new PollSession(id, hub, address, seesPrivate, queries, place, later);
    }
}
