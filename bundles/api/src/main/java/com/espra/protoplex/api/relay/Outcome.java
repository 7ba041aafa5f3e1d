package com.espra.protoplex.api.relay;

/** What became of a request at a target. */
public enum Outcome {

    /** It was answered in full, or its connection was upgraded. */
    ANSWERED,

    /** Relayed on, and no longer followed: the version that chose is drained. */
    LET_GO,

    /** No connection: refused, unreachable, not in time, its certificate is not right. Nothing was sent. */
    NO_CONNECTION,

    /** A connection that was kept for reuse was closed by the target before it had answered anything: it may not have seen the request. */
    CLOSED_UNUSED,

    /** The target closed before the head of an answer was complete, on a new connection. */
    CLOSED_EARLY,

    /** What it sent is no HTTP, or more than is allowed. */
    NONSENSE,

    /** No head of an answer in time. */
    LATE,

    /** It broke off, or said nothing more, in the middle of its answer. */
    CUT,

    /** The client left, or broke the rules: nothing is known of the target. */
    CLIENT;

    /** Whether the target is to blame, for those who count. */
    public boolean isFailure() {
        return switch (this) {
            case NO_CONNECTION, CLOSED_EARLY, NONSENSE, LATE, CUT -> true;
            case ANSWERED, LET_GO, CLOSED_UNUSED, CLIENT -> false;
        };
    }

    /**
     * Whether another target may be given the request: always when nothing was sent; of what was sent a request that is safe to repeat (RFC 9110,
     * section 9.2.2), none of whose body has gone.
     */
    public boolean mayBeRepeated(boolean idempotent) {
        return switch (this) {
            case NO_CONNECTION -> true;
            case CLOSED_UNUSED, CLOSED_EARLY -> idempotent;
            case ANSWERED, LET_GO, NONSENSE, LATE, CUT, CLIENT -> false;
        };
    }
}
