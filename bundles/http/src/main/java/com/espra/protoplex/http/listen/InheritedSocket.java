package com.espra.protoplex.http.listen;

import java.nio.channels.ServerSocketChannel;

/**
 * A listening socket that a parent process bound, and that its children accept from together. Whoever closes the channel leaves the socket,
 * and what waits in its queue, to the others. The channel stays in blocking mode: that mode is a property of the socket, not of the
 * channel, so a change would be felt by all.
 *
 * @param channel accepts from the socket; its own idea of its address is wrong
 * @param port the port that the socket is bound to
 */
public record InheritedSocket(ServerSocketChannel channel, int port) {

    /** Service property: the true port of the socket whose channel the service is; {@code protoplex.listener} has its name. */
    public static final String PORT = "protoplex.port";
}
