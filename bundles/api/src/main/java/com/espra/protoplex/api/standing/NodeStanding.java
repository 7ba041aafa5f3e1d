package com.espra.protoplex.api.standing;

import java.util.List;

/**
 * How this node is to serve now.
 *
 * @param entrance what comes anew finds
 * @param outages planned maintenance; those that have ended may be among them
 */
public record NodeStanding(Entrance entrance, List<Outage> outages) {

    /** Nobody has ordered anything. */
    public static final NodeStanding USUAL = new NodeStanding(Entrance.OPEN, List.of());

    /** Keeps a copy. */
    public NodeStanding {
        outages = List.copyOf(outages);
    }
}
