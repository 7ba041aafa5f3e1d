package com.espra.protoplex.host.process.socket;

import com.espra.protoplex.host.process.posix.Posix;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Which descriptor a channel has: Java does not say, the kernel does. */
final class Descriptors {

    private static final Path OPEN = Path.of("/proc/self/fd");

    private Descriptors() {}

    /**
     * The descriptor of a bound channel that has accepted no connection, found by its address.
     *
     * @throws IOException if there is no such descriptor, or more than one
     */
    static int of(ServerSocketChannel channel) throws IOException {
        SocketAddress address = channel.getLocalAddress();
        try (Stream<Path> open = Files.list(OPEN)) {
            List<Integer> found = open.map(
                            path -> Integer.valueOf(path.getFileName().toString()))
                    .filter(descriptor ->
                            Posix.boundTo(descriptor).filter(address::equals).isPresent())
                    .toList();
            if (found.size() != 1) {
                throw new IOException("the socket bound to " + address + " has the descriptors " + found + " in " + OPEN
                        + ", and must have exactly one");
            }
            return found.getFirst();
        }
    }
}
