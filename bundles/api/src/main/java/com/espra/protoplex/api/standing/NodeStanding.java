package com.espra.protoplex.api.standing;

import java.util.List;

/**
 * How this node is to serve: a service of the platform, in each process of the node, which is there before a public listener opens. Whoever
 * says something new registers another one of a higher ranking, and takes the one before away then; without any, nobody has ordered anything.
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
