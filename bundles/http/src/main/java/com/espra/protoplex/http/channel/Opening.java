package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.Channel.Protocol;

/** A request that is to become a channel. One of the two is called, once. */
interface Opening {

    Protocol protocol();

    /** Lets the client in: the channel gets its {@link Wire} when the connection is there. */
    void accept(OpenChannel channel);

    void refuse(int status, String reason);
}
