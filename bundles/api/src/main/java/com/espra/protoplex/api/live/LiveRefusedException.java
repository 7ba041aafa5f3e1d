package com.espra.protoplex.api.live;

/** Something was not published, or it is not certain that it was. The message says why, and what to do. */
public class LiveRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean nothingDone;

    /**
     * @param message for people
     * @param nothingDone whether certainly nobody hears of it
     */
    public LiveRefusedException(String message, boolean nothingDone) {
        super(message);
        this.nothingDone = nothingDone;
    }

    /** Whether certainly nobody hears of it; if not, it is published again with the same {@link LiveUpdate#once}. */
    public boolean isNothingDone() {
        return nothingDone;
    }
}
