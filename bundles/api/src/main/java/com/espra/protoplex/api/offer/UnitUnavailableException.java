package com.espra.protoplex.api.offer;

/**
 * A call to what a unit offers has not begun, because no version of the unit is there to answer it: it was removed, it offers this no longer, or
 * its move to another version took longer than calls may wait. Nothing has been done, so the call may be made again.
 */
public class UnitUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String unit;

    /**
     * @param unit the unit that was called
     * @param reason why it does not answer, for people
     */
    public UnitUnavailableException(String unit, String reason) {
        super(reason);
        this.unit = unit;
    }

    /** The unit that was called. */
    public String unit() {
        return unit;
    }
}
