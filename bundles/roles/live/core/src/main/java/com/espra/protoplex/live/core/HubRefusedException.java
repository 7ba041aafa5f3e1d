package com.espra.protoplex.live.core;

/** A hub did not do something. The message says what, and what to do. */
public class HubRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why. */
    public enum Reason {
        /** What was asked makes no sense; it never will. */
        BAD(true),
        /** Too much of something: later. */
        FULL(true),
        /** The hub has no owner that can be spoken to; nothing was done. */
        UNAVAILABLE(true),
        /** It is not certain: it may have been published. With a key it may be tried again. */
        UNKNOWN(false);

        private final boolean nothingDone;

        Reason(boolean nothingDone) {
            this.nothingDone = nothingDone;
        }
    }

    /**
     * @param reason why
     * @param message for people
     */
    public HubRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Whether certainly nothing was done. */
    public boolean isNothingDone() {
        return reason.nothingDone;
    }
}
