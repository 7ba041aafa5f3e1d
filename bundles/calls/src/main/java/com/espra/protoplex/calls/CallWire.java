package com.espra.protoplex.calls;

/** What a call looks like between two nodes: an HTTP request for {@code /v1/fleet/<role>/<path>}. */
final class CallWire {

    /** Followed by the role, and then by the path of the call. Alone it is answered with 204: whoever wants to call may ask whether it can. */
    static final String PREFIX = "/v1/fleet";

    /** How many calls led to this one, itself included. */
    static final String HOPS = "Protoplex-Hops";

    /** How long the caller waits still: milliseconds. */
    static final String DEADLINE = "Protoplex-Deadline";

    /** Who answers: {@link #ROLE}, or the node, with the name of a reason why the role does not. */
    static final String ANSWER = "Protoplex-Answer";

    /** The role itself answers. */
    static final String ROLE = "role";

    static final String TRACE_PARENT = "traceparent";
    static final String TRACE_STATE = "tracestate";

    private CallWire() {}
}
