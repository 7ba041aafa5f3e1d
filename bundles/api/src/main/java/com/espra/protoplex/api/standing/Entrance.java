package com.espra.protoplex.api.standing;

/** What new requests and connections of the public listeners find. In the order in which a drain goes through it. */
public enum Entrance {

    /** All are served. */
    OPEN,

    /** All are served, and the node says that it is not ready: whoever sends clients here is to take it out. */
    LEAVING,

    /**
     * Clients are asked to go: with {@code Connection: close}, GOAWAY, the return word of a channel's protocol, {@code onDrain} of a stream. What
     * they begin on connections that were there before is served; whoever comes anew is answered 503.
     */
    CLOSING,

    /** All are answered 503; streams are closed at once. What is in flight goes on. */
    CLOSED
}
