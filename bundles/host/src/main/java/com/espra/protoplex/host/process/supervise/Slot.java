package com.espra.protoplex.host.process.supervise;

import org.jspecify.annotations.Nullable;

/** A place for one child that serves or stands by, and for the one that will take over from it. */
final class Slot {

    final int index;

    /** Who serves or stands by, or will. */
    @Nullable
    SupervisedChild current;

    /** Who takes over from {@link #current} once it serves. */
    @Nullable
    SupervisedChild successor;

    /** Whether a child was ever started for it. */
    boolean begun;

    /** Failures in a row. */
    int failures;

    /** No child is started before this. */
    long retryAt;

    /** When it failed last. */
    long failedAt;

    /** Why the current child has to be replaced; empty when it has not. */
    String replace = "";

    Slot(int index) {
        this.index = index;
    }

    boolean serves() {
        return current != null && current.is(SupervisedChild.Phase.SERVING);
    }

    /** Whether its child has connections, or may have them in a moment. */
    boolean isOpen() {
        return current != null
                && (current.is(SupervisedChild.Phase.OPENING) || current.is(SupervisedChild.Phase.SERVING));
    }

    /** Whether its child could serve at once. */
    boolean standsBy() {
        return current != null && current.is(SupervisedChild.Phase.PREPARED);
    }

    /** The successor is the current one from now on. Returns the one that was, if there was one. */
    @Nullable
    SupervisedChild promote() {
        SupervisedChild old = current;
        current = successor;
        successor = null;
        replace = "";
        return old;
    }

    boolean successorPrepared() {
        return successor != null && successor.is(SupervisedChild.Phase.PREPARED);
    }

    void forget(SupervisedChild child) {
        if (child == current) {
            current = null;
            replace = "";
        }
        if (child == successor) {
            successor = null;
        }
    }
}
