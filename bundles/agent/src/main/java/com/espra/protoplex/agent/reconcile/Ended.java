package com.espra.protoplex.agent.reconcile;

import java.time.Duration;

/**
 * How a move ended.
 *
 * @param kind how
 * @param reason the cause and its remedy, for people; empty when done
 * @param flip from install to serving; zero when nothing had to be done
 */
public record Ended(Kind kind, String reason, Duration flip) {

    /** How a move can end. What is not done has left the build that served before serving. */
    public enum Kind {
        /** It serves (or is removed). */
        DONE,
        /** It cannot serve here: it is not tried again until something else was desired in between, or the node restarts. */
        FAILED,
        /** It served, and ended a process of this node: as one that failed, and no other node should have it either. */
        FATAL,
        /** It is not the build's fault: the Seed gave no answer or a wrong one, or the disk is full. It is tried again when the Seed speaks again. */
        LATER,
        /** Something newer is desired. */
        CANCELLED
    }

    /** Whether trying again, with nothing else desired in between, makes no sense now. */
    boolean isFinal() {
        return kind == Kind.FAILED || kind == Kind.FATAL || kind == Kind.LATER;
    }

    public static Ended done(Duration flip) {
        return new Ended(Kind.DONE, "", flip);
    }

    public static Ended failed(String reason) {
        return new Ended(Kind.FAILED, reason, Duration.ZERO);
    }

    public static Ended later(String reason) {
        return new Ended(Kind.LATER, reason, Duration.ZERO);
    }

    public static Ended cancelled() {
        return new Ended(Kind.CANCELLED, "something newer is desired", Duration.ZERO);
    }
}
