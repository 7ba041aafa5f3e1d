package com.espra.protoplex.live.core.hub;

import com.espra.protoplex.live.core.Position;

/**
 * What a hub of this node is.
 *
 * @param name its name
 * @param standing what the node is to it
 * @param end of its log
 * @param kept how many updates are kept
 * @param bytes how many bytes they take, about
 * @param subscriptions how many there are on this node
 */
public record HubFacts(
        String name, LocalHub.Standing standing, Position end, int kept, long bytes, int subscriptions) {}
