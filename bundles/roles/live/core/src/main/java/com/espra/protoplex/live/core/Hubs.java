package com.espra.protoplex.live.core;

import java.util.Set;

/** The hubs of the fleet: a service among the bundles of the role. Threads: safe from any. */
public interface Hubs {

    /** The hub of the fleet's own keys, which no client from outside subscribes to by itself. */
    String FLEET = "fleet";

    /** How many characters the name of a hub has at most: lower-case letters, digits, {@code . - _ :}. */
    int LONGEST_NAME = 255;

    /**
     * A hub, which is there from the first use on.
     *
     * @throws HubRefusedException if there are too many, or it cannot be a name
     */
    Hub hub(String name);

    /** Those that this node knows of. */
    Set<String> names();
}
