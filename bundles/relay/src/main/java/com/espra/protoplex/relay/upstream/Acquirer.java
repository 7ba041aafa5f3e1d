package com.espra.protoplex.relay.upstream;

/** Who wants a connection. Of the last three one is called, once, perhaps before the one that asks returns. */
public interface Acquirer {

    /** Its turn has come: a connection is opened for it, or one was kept. */
    void turn();

    /** Here it is. It is the caller's until the request that it begins is over. */
    void acquired(UpstreamConnection connection);

    /** The target cannot be reached. */
    void unreachable(Throwable cause);

    /** All connections are used, and no more may wait, or this one has waited for too long. */
    void full();
}
