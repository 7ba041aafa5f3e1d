package com.espra.protoplex.live.server;

/** Which hub the clients of a host have. */
@FunctionalInterface
public interface HostHubs {

    /** Never the fleet's own. */
    String hub(String host);
}
