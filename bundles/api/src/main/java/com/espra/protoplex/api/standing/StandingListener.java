package com.espra.protoplex.api.standing;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears how this node is to serve: a service of a bundle of the platform, in any process of the node. It is told once when it comes, before a
 * public listener opens, and at every change.
 *
 * <p>Threads: one call at a time. A call returns soon; what takes longer is done on another thread.
 */
@ConsumerType
@FunctionalInterface
public interface StandingListener {

    /** It is so from now on. */
    void changed(NodeStanding now);
}
