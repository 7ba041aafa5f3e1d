package com.espra.protoplex.relay.upstream;

/** Who wants a connection. One of these is called, once, perhaps before the one that asks returns. */
public interface Acquirer {

    /** Here it is. It is the caller's until the request that it begins is over. */
    void acquired(UpstreamConnection connection);

    /** The target cannot be reached. */
    void unreachable(Throwable cause);

    /** All connections are used, and no more may wait, or this one has waited for too long. */
    void full();
}
