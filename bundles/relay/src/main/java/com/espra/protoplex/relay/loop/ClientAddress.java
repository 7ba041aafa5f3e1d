package com.espra.protoplex.relay.loop;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Where a client is, in the forms in which it is passed on. */
final class ClientAddress {

    private static final String UNKNOWN = "unknown";

    static final ClientAddress NONE = new ClientAddress(null, UNKNOWN, 0);

    private final @Nullable SocketAddress socket;
    private final byte[] forwarded;
    private final String peer;

    private ClientAddress(@Nullable SocketAddress socket, String host, int port) {
        this.socket = socket;
        this.forwarded = ForwardedHead.client(host);
        this.peer = host + " " + port;
    }

    /** Of an end point's other side. */
    static ClientAddress of(@Nullable SocketAddress socket) {
        if (!(socket instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return new ClientAddress(socket, UNKNOWN, 0);
        }
        String text = inet.getAddress().getHostAddress();
        // A zone means something on this machine alone.
        int zone = text.indexOf('%');
        return new ClientAddress(socket, zone < 0 ? text : text.substring(0, zone), inet.getPort());
    }

    @Nullable
    SocketAddress socket() {
        return socket;
    }

    /** The lines for a target: {@link ForwardedHead#client}. Not to be changed. */
    byte[] forwarded() {
        return forwarded;
    }

    /** For a node of the fleet: the address, a space, and the port. */
    String peer() {
        return peer;
    }
}
