package com.espra.protoplex.host.process.control;

import com.espra.protoplex.host.process.control.ControlFrame.Hello;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a child reaches its parent: told by the environment, which nobody but this user can read.
 *
 * @param socket where the parent listens
 * @param token the secret that names this child
 */
public record ParentLink(Path socket, String token) {

    private static final String SOCKET = "PARENT_SOCKET";
    private static final String TOKEN = "PARENT_TOKEN";

    /** The link of this process; empty if it is nobody's child. */
    public static Optional<ParentLink> of(Map<String, String> environment) {
        String socket = environment.get(SOCKET);
        String token = environment.get(TOKEN);
        return socket == null || token == null ? Optional.empty() : Optional.of(new ParentLink(Path.of(socket), token));
    }

    /** What a child's environment must have. */
    public Map<String, String> environment() {
        return Map.of(SOCKET, socket.toString(), TOKEN, token);
    }

    /** Connects and says hello; {@link ControlChannel#open} is left to the caller. */
    public ControlChannel connect(ControlChannel.Receiver receiver) throws IOException {
        ControlChannel channel =
                new ControlChannel("parent", SocketChannel.open(UnixDomainSocketAddress.of(socket)), receiver);
        channel.send(new Hello(ControlFrame.PROTOCOL, token));
        return channel;
    }
}
