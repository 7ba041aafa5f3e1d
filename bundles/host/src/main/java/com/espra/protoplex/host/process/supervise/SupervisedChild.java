package com.espra.protoplex.host.process.supervise;

/** A process that has been started and has not ended. */
final class SupervisedChild {

    static final long NEVER = Long.MAX_VALUE;

    enum Phase {
        STARTING,
        PREPARED,
        /** Told to serve: it may have connections from here on. */
        OPENING,
        SERVING,
        /** Told to end; it belongs to no slot any more. */
        LEAVING
    }

    final ChildId id;
    final int revision;
    Phase phase = Phase.STARTING;

    /** When it is given up: the deadline of its start, of its drain, or of its last words. */
    long deadline;

    /** When its silence makes it count as hung. */
    long silentAt = NEVER;

    /** When it last did what was wanted of it: got prepared, or began to serve. */
    long steadySince = NEVER;

    /** Whether its end is no surprise, because we have killed it. */
    boolean killed;

    /** Why it has to go; empty for none. */
    String reason = "";

    SupervisedChild(ChildId id, int revision, long deadline) {
        this.id = id;
        this.revision = revision;
        this.deadline = deadline;
    }

    boolean is(Phase wanted) {
        return phase == wanted;
    }

    long nextMillis() {
        return Math.min(deadline, silentAt);
    }

    /** Time that nobody watched does not count against it. */
    void forgive(long millis) {
        if (deadline != NEVER) {
            deadline += millis;
        }
        if (silentAt != NEVER) {
            silentAt += millis;
        }
    }
}
