package com.espra.protoplex.host.process.supervise;

import com.espra.protoplex.host.process.spawn.ExitStatus;

/** What the supervisor is told. */
public sealed interface Event {

    /** Time has passed. Told at {@link Supervisor#nextMillis} at the latest. */
    record Tick() implements Event {}

    /**
     * The process could not be started at all.
     *
     * @param child which
     * @param reason why
     */
    record StartFailed(ChildId child, String reason) implements Event {}

    /**
     * The child could serve now; its listeners are not open yet.
     *
     * @param child which
     */
    record Prepared(ChildId child) implements Event {}

    /**
     * The child's listeners are open.
     *
     * @param child which
     */
    record Serving(ChildId child) implements Event {}

    /**
     * The child is alive.
     *
     * @param child which
     */
    record Beat(ChildId child) implements Event {}

    /**
     * The child answers, and is not well: a liveness check of its own has failed.
     *
     * @param child which
     * @param reason what has failed
     */
    record Unwell(ChildId child, String reason) implements Event {}

    /**
     * The child's resident memory.
     *
     * @param child which
     * @param bytes how much
     */
    record Memory(ChildId child, long bytes) implements Event {}

    /**
     * Somebody else has told the child to end (SIGTERM): it serves no more, ends what it has begun, and exits.
     *
     * @param child which
     */
    record Leaving(ChildId child) implements Event {}

    /**
     * The process has ended.
     *
     * @param child which
     * @param status how
     */
    record Exited(ChildId child, ExitStatus status) implements Event {}

    /**
     * All children are to be replaced by those of this revision.
     *
     * @param revision what to start; differs from the running one
     */
    record Upgrade(int revision) implements Event {}

    /** The node stops. */
    record Stop() implements Event {}
}
