package com.espra.protoplex.host.process.socket;

import com.espra.protoplex.host.process.posix.Posix;
import com.espra.protoplex.host.process.posix.PosixException;
import com.espra.protoplex.host.process.spawn.Spawn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A socket that listens, as a descriptor of this process. The parent binds it (or gets it from systemd) and never closes it while it
 * runs; each child inherits it and accepts from it. All share one queue of connections in the kernel, so what waits there when a
 * child goes is taken by another one.
 *
 * <p>Whether the socket blocks is shared, too: nobody may change it back and forth. A channel that accepts in blocking mode (Jetty with
 * at least one acceptor thread) leaves it alone, and has the kernel wake one child alone for each connection.
 *
 * @param name the listener's name, such as https
 * @param address where it is bound, its port never 0
 * @param descriptor its descriptor
 */
public record ListeningSocket(String name, InetSocketAddress address, int descriptor) implements AutoCloseable {

    private static final String COUNT = "LISTEN_FDS";
    private static final String NAMES = "LISTEN_FDNAMES";
    private static final String PROCESS = "LISTEN_PID";

    /**
     * Binds and listens.
     *
     * @param backlog how many connections may wait to be accepted; the kernel bounds it by net.core.somaxconn
     */
    public static ListeningSocket bind(String name, InetSocketAddress address, int backlog) throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, backlog);
            return of(name, Posix.duplicate(Descriptors.of(channel), Spawn.FIRST_DESCRIPTOR));
        }
    }

    private static ListeningSocket of(String name, int descriptor) throws IOException {
        InetSocketAddress bound = Posix.boundTo(descriptor)
                .orElseThrow(() -> new IOException("descriptor " + descriptor + ", which should be the listener '"
                        + name + "', is no TCP socket"));
        return new ListeningSocket(name, bound, descriptor);
    }

    /**
     * The sockets that this process was started with, by systemd's socket activation or by a parent that set {@link #environment}:
     * LISTEN_FDS sockets from descriptor 3 on, named by LISTEN_FDNAMES. None when LISTEN_PID names another process.
     *
     * @param environment of this process
     */
    public static List<ListeningSocket> inherited(Map<String, String> environment) throws IOException {
        String count = environment.getOrDefault(COUNT, "0");
        String pid = Long.toString(ProcessHandle.current().pid());
        if (!environment.getOrDefault(PROCESS, pid).equals(pid)) {
            return List.of();
        }
        if (!count.matches("[0-9]{1,3}")) {
            throw new IOException(COUNT + " is '" + count + "', and must be a number of sockets");
        }
        String[] names = environment.getOrDefault(NAMES, "").split(":", -1);
        List<ListeningSocket> sockets = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(count); i++) {
            String name = i < names.length && !names[i].isEmpty() ? names[i] : "unknown";
            sockets.add(of(name, Spawn.FIRST_DESCRIPTOR + i));
        }
        return sockets;
    }

    /** The environment that tells a child of the sockets, when it is given their descriptors in this order. */
    public static Map<String, String> environment(List<ListeningSocket> sockets) {
        List<String> names = sockets.stream().map(ListeningSocket::name).toList();
        return Map.of(COUNT, Integer.toString(sockets.size()), NAMES, String.join(":", names));
    }

    /**
     * A channel that accepts from this socket; closing it leaves the socket to the others that have it.
     *
     * <p>Java makes no channel from a descriptor. So an ordinary one is opened on a free loopback port, and then its descriptor is made to
     * refer to this socket. All that follows is done by the kernel on the right socket; the one thing that Java has kept is the
     * address: {@link ServerSocketChannel#getLocalAddress} tells the loopback port, {@link #address} the truth.
     */
    public ServerSocketChannel channel() throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            Posix.dup2(descriptor, Descriptors.of(channel));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Closes the descriptor of this process. */
    @Override
    public void close() throws PosixException {
        Posix.close(descriptor);
    }
}
