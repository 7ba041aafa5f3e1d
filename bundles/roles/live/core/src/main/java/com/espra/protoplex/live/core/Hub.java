package com.espra.protoplex.live.core;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What is published under one name, in one order, and who hears it: on every Live node. The last updates are kept, as many as
 * {@link HubLimits} says, so that who comes again gets all that it missed, or is told that it does not.
 *
 * <p>Threads: safe from any, but not from within a {@link Subscriber}. Nothing blocks.
 */
public interface Hub {

    /** Its name: one for each host or app, and one for the fleet's own keys. */
    String name();

    /**
     * Publishes.
     *
     * @param key by which it is known again: an update that was published under the key and is still kept is not published twice, and its
     *     position is the answer. Empty: each is another one
     * @return where it is, once the owner of the hub and a second Live node have it, if there is one. Fails with a
     *     {@link HubRefusedException}, which says whether anything can have been done
     */
    CompletionStage<Position> publish(Update update, String key);

    /**
     * Subscribes. {@link Subscriber#started} is called before this returns, or when this node has caught up with the owner.
     *
     * @throws HubRefusedException if there are too many subscriptions
     */
    Subscription subscribe(Member member, UpdateFilter filter, Resume from, Subscriber subscriber);

    /** The last that this node knows of; {@link Position#NONE} if it knows none. */
    Position last();

    /** What this node keeps under an {@linkplain HubEntry#id id}. */
    Optional<HubEntry> find(String id);

    /** Whether what comes after this can be had without a gap. */
    boolean isRecoverable(Resume from);

    /** Those who are listed, on all Live nodes that answer; at most 10,000. */
    CompletionStage<List<Member>> members();

    /**
     * Closes the subscriptions of a user, on all Live nodes.
     *
     * @return completes when it is as certain as an update
     */
    CompletionStage<Position> revoke(String user);
}
