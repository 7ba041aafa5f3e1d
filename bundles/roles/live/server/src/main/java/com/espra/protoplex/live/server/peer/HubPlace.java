package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.live.core.Position;

/**
 * How far a node has a hub.
 *
 * @param waits whether it wants to hear that this is all, if it is
 */
record HubPlace(String hub, Position end, boolean waits) {}
