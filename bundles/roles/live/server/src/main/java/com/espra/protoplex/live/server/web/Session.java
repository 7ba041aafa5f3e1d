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
record Session(
        String id,
        String hub,
        String address,
        boolean seesPrivate,
        Map<String, Selector> queries,
        String at,
        long end) {

    Session {
        queries = Map.copyOf(queries);
    }

    Session with(Map<String, Selector> other) {
        return new Session(id, hub, address, seesPrivate, other, at, end);
    }

    Session until(String place, long later) {
        return new Session(id, hub, address, seesPrivate, queries, place, later);
    }
}
