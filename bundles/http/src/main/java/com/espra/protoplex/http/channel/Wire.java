package com.espra.protoplex.http.channel;

import org.eclipse.jetty.util.Callback;

/** What a protocol does with a channel's connection. At most one write or ping is on its way at a time. */
interface Wire {

    void write(Outgoing message, Callback written);

    /** Whether messages one after the other are the same to the client as one write of them all. */
    boolean joins();

    /** Asks the client whether it is there. */
    void ping(Callback written);

    /** Whether the client has not said anything since the last ping was written, though it was listened to. */
    boolean isSilent();

    /** Ends it in the way of the protocol, after what was written. */
    void close(int code, String reason);

    /** Ends it at once: nobody reads. */
    void abort();

    /** The next message may come. */
    void demand();
}
