package com.espra.protoplex.relay.loop;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a client is, in the forms in which it is passed on.
 *
 * @param socket as the end point has it
 * @param forwarded the lines for a target: {@link ForwardedHead#client}
 * @param peer for a node of the fleet: the address, a space, and the port
 */
record ClientAddress(@Nullable SocketAddress socket, byte[] forwarded, String peer) {

    private static final String UNKNOWN = "unknown";

    static final ClientAddress NONE = new ClientAddress(null, ForwardedHead.client(UNKNOWN), UNKNOWN + " 0");

    /** Of an end point's other side. */
    static ClientAddress of(@Nullable SocketAddress socket) {
        if (!(socket instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return new ClientAddress(socket, NONE.forwarded, NONE.peer);
        }
        String text = inet.getAddress().getHostAddress();
        // A zone means something on this machine alone.
        int zone = text.indexOf('%');
        String host = zone < 0 ? text : text.substring(0, zone);
        return new ClientAddress(socket, ForwardedHead.client(host), host + " " + inet.getPort());
    }
}
