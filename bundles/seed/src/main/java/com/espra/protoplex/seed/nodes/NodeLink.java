package com.espra.protoplex.seed.nodes;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.Fleet;
import java.time.Instant;

/** The link to a node, as the core sees it. No call blocks. */
public interface NodeLink {

    /** Tells the node what it should run. If it has not read what it was told before, it gets the newest alone. */
    void send(LinkFrame.Desired desired);

    /** Tells the node how to serve. If it has not read what it was told before, it gets the newest alone. */
    void send(LinkFrame.Standing standing);

    /**
     * Tells the node to replace its processes.
     *
     * @return false if it cannot be told now: it has not read the last one yet, or its link has just ended
     */
    boolean send(LinkFrame.Upgrade upgrade);

    /**
     * Tells the node of the directory.
     *
     * @return false if it cannot be told now: it has not read the last part yet, or its link has just ended
     */
    boolean send(LinkFrame.Directory part);

    /** Tells the node which keys were revoked. */
    void send(LinkFrame.Revoked revoked);

    /**
     * Asks the node something.
     *
     * @return false if it cannot be asked now: its link has just ended
     */
    boolean send(LinkFrame.Ask question);

    /** Tells the node who owns what. If it has not read what it was told before, it gets the newest alone. */
    void send(LinkFrame.Owners owners);

    /** Tells the node that it has a lease. If it has not read what it was told before, it gets the newest alone. */
    void send(LinkFrame.Lease lease);

    /** Asks whether it is still there. */
    void ping();

    /** When something came from it last. */
    Instant heard();

    /** Ends it; {@link Fleet#left} need not be called. */
    void close(int code, String reason);
}
