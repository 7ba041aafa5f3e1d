package com.espra.protoplex.agent.fetch;

import com.espra.protoplex.api.swap.Step;
import java.io.IOException;

/** A build cannot be had, or must not be used. The message says why, and what to do. */
public final class FetchException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Step step;
    private final boolean unreached;

    private FetchException(Step step, boolean unreached, String message, Throwable cause) {
        super(message, cause);
        this.step = step;
        this.unreached = unreached;
    }

    static FetchException refused(Step step, String message, Throwable cause) {
        return new FetchException(step, false, message, cause);
    }

    /** What the Seed gave is not the build: damaged there, it is mended by the next push, and comes right the next time. */
    static FetchException damaged(String message, Throwable cause) {
        return new FetchException(Step.VERIFY, true, message, cause);
    }

    static FetchException unreached(String message, Throwable cause) {
        return new FetchException(Step.FETCH, true, message, cause);
    }

    /** What has to be on the disk before the build may run is not. */
    public static FetchException unsaved(IOException cause) {
        return unreached("the node's state cannot be saved: " + cause.getMessage() + ". Free space on its disk", cause);
    }

    /** There is nowhere to fetch from. */
    public static FetchException noSeed() {
        return unreached("no Seed is configured (seed.address)", new IllegalStateException("no Seed"));
    }

    /** {@link Step#FETCH} or {@link Step#VERIFY}. */
    public Step step() {
        return step;
    }

    /** Whether the Seed did not give it as it should be: then it may later. */
    public boolean isUnreached() {
        return unreached;
    }
}
