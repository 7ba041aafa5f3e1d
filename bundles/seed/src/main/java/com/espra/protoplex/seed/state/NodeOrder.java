package com.espra.protoplex.seed.state;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.time.Instant;
import java.util.Set;

/**
 * What an operator has ordered of a node.
 *
 * @param what as {@link LinkFrame.Order#what}
 * @param changed when; grows with every order to the node
 * @param drainMillis how long a drain may take until the node says what is left
 * @param units what it may have while it serves nothing new: the apps and roles that there were then
 */
public record NodeOrder(String what, Instant changed, long drainMillis, Set<String> units) {

    /** Nobody has ordered anything. */
    public static final NodeOrder NONE = new NodeOrder(LinkFrame.Order.SERVE, Instant.EPOCH, 0, Set.of());

    /** Keeps a copy. */
    public NodeOrder {
        units = Set.copyOf(units);
    }

    /** Whether it serves what comes, and gets what is new. */
    public boolean serves() {
        return what.equals(LinkFrame.Order.SERVE);
    }

    /** As it is told to the node. */
    public LinkFrame.Order told() {
        return new LinkFrame.Order(what, changed.toEpochMilli(), drainMillis);
    }
}
