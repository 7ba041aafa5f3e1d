package com.espra.protoplex.api.call;

/**
 * What a call is made for. It goes with the call, so that one request can be followed through the fleet, and a call that comes round again is
 * refused.
 *
 * @param requestId the id of the request at which it all began, as {@code X-Request-Id} has it; empty: a new one is made
 * @param traceParent W3C Trace Context, section 3.2: the span in which the call is made; empty or malformed: a new trace begins
 * @param traceState W3C Trace Context, section 3.3: at most 512 characters; empty if there is none
 * @param hops how many calls led here: 0 where it began, at most {@link #MOST_HOPS}
 */
public record CallOrigin(String requestId, String traceParent, String traceState, int hops) {

    /** A call beyond so many is refused: it goes in a circle. */
    public static final int MOST_HOPS = 8;

    /** The call that is being answered on the calling thread; if none is, this one begins something new. */
    public static final CallOrigin HERE = new CallOrigin("", "", "", 0);

    /** Refuses a negative count. */
    public CallOrigin {
        if (hops < 0) {
            throw new IllegalArgumentException("hops is " + hops + ": a call has come over 0 or more");
        }
    }

    /** A request that came from outside of the fleet, by what its headers say of it. */
    public static CallOrigin of(String requestId, String traceParent) {
        return new CallOrigin(requestId, traceParent, "", 0);
    }
}
