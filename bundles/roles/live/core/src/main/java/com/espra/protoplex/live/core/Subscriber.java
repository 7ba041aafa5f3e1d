package com.espra.protoplex.live.core;

/**
 * Hears what a subscription brings. Called under the lock of the hub, one call at a time and in the order of the log: it returns at once, waits for
 * nobody, and may call its own {@link Subscription}, but not the {@link Hub}.
 */
public interface Subscriber {

    /**
     * The subscription begins, or begins anew after a gap: what follows is all that matches after a position.
     *
     * <p>Called once before the first update, and again with {@code recovered} false whenever updates may have been missed, because the log went
     * on under another owner without some that were delivered, or this node was cut off for longer than updates are kept.
     *
     * @param from what follows came after this
     * @param recovered whether all is there that came since what was asked for: true also for a new one. If not, the client has a gap of unknown
     *     size and should read its state anew
     */
    void started(Position from, boolean recovered);

    /** An update that matches. */
    void update(HubEntry entry);

    /**
     * It was closed by the hub: nothing more comes.
     *
     * @param reason for the client
     */
    default void ended(End reason) {}

    /** Why a hub closes a subscription. */
    enum End {
        /** Its user is no longer let in, or its token has expired: not to come again without a new one. */
        REVOKED,
        /** The node, or this version of the role, stops: to come again and go on from the last position. */
        STOPPING,
        /** Its filter failed. */
        FAILED
    }
}
