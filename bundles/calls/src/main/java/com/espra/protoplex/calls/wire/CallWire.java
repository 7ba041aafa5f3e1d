package com.espra.protoplex.calls.wire;

/** What a call looks like between two nodes: an HTTP request for {@code /v1/fleet/<role>/<path>}. */
public final class CallWire {

    /** Followed by the role, and then by the path of the call. Alone it is answered with 204: whoever wants to call may ask whether it can. */
    public static final String PREFIX = "/v1/fleet";

    /** How many calls led to this one, itself included. */
    public static final String HOPS = "Protoplex-Hops";

    /** How long the caller waits still: milliseconds. */
    public static final String DEADLINE = "Protoplex-Deadline";

    /** Who answers: {@link #ROLE}, or the node, with the name of a reason why the role does not. */
    public static final String ANSWER = "Protoplex-Answer";

    /** The role itself answers. */
    public static final String ROLE = "role";

    public static final String TRACE_PARENT = "traceparent";
    public static final String TRACE_STATE = "tracestate";

    private CallWire() {}
}
