package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.Channel.Protocol;
import java.util.Map;

/** A request that is to become a channel. One of the two is called, once. */
interface Opening {

    Protocol protocol();

    /** Lets the client in: the channel gets its {@link Wire} when the connection is there. */
    void accept(OpenChannel channel);

    /** Sets a field of the response that lets the client in, if its protocol has one to set. */
    default void field(String name, String value) {}

    void refuse(int status, String reason, Map<String, String> fields);
}
