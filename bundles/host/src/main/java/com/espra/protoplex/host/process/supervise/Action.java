package com.espra.protoplex.host.process.supervise;

/** What the supervisor wants done. */
public sealed interface Action {

    /**
     * Start this process.
     *
     * @param child which
     * @param revision of what
     */
    record Start(ChildId child, int revision) implements Action {}

    /**
     * Have the child open its listeners.
     *
     * @param child which
     */
    record Serve(ChildId child) implements Action {}

    /**
     * Have the child close its listeners, end what it has begun, and exit.
     *
     * @param child which
     * @param withinMillis after which it is killed
     */
    record Drain(ChildId child, long withinMillis) implements Action {}

    /**
     * Have the child write what its threads do.
     *
     * @param child which
     */
    record Dump(ChildId child) implements Action {}

    /**
     * Kill the process.
     *
     * @param child which
     */
    record Kill(ChildId child) implements Action {}

    /**
     * Keep what can be known of the end of this child, which has ended.
     *
     * @param child which
     * @param reason why it ended
     */
    record Report(ChildId child, String reason) implements Action {}

    /**
     * The node's health has changed.
     *
     * @param health what it is now
     * @param reason for people; empty when healthy
     */
    record Health(State health, String reason) implements Action {
        /** How the node is. */
        public enum State {
            /** Every child serves. */
            HEALTHY,
            /** A child is missing, and is being replaced. */
            DEGRADED,
            /** A child fails again and again. */
            UNHEALTHY
        }
    }

    /**
     * An upgrade has ended.
     *
     * @param revision which
     * @param done whether all children are of this revision now; otherwise the old ones serve on
     * @param reason why not
     */
    record Upgraded(int revision, boolean done, String reason) implements Action {}

    /** All children are gone after a stop. */
    record Ended() implements Action {}
}
