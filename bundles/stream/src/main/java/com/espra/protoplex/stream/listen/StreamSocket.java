package com.espra.protoplex.stream.listen;

import com.espra.protoplex.api.http.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.util.Collection;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * A socket that listens.
 *
 * @param channel accepts from it, in blocking mode: that mode belongs to the socket, which other processes may have, too
 * @param port the port that clients use; the channel of an inherited socket does not know it
 */
public record StreamSocket(ServerSocketChannel channel, int port) {

    /** Service property of an inherited socket's channel: its true port. */
    private static final String PORT = "protoplex.port";

    private static final int BACKLOG = 1024;

    /**
     * The socket of this name that a parent has bound, or one that is bound now. The host registers the inherited ones before any bundle
     * starts, so a look is enough.
     *
     * @throws IOException if the address cannot be bound; the message says what to do
     */
    public static StreamSocket of(BundleContext context, String name, String host, int port) throws IOException {
        for (ServiceReference<ServerSocketChannel> socket : inherited(context)) {
            if (name.equals(socket.getProperty(Listener.NAME)) && socket.getProperty(PORT) instanceof Integer real) {
                return new StreamSocket(context.getService(socket), real);
            }
        }
        return bind(name, host, port);
    }

    private static Collection<ServiceReference<ServerSocketChannel>> inherited(BundleContext context) {
        try {
            return context.getServiceReferences(ServerSocketChannel.class, null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter that could be wrong", e);
        }
    }

    /**
     * Binds one.
     *
     * @throws IOException if the address cannot be bound; the message says what to do
     */
    public static StreamSocket bind(String name, String host, int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(host, port), BACKLOG);
            return new StreamSocket(channel, channel.socket().getLocalPort());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException(
                    "listener " + name + " cannot open " + host + ":" + port + " (" + e.getMessage()
                            + "): stop what uses the port, or set listeners." + name + ".port",
                    e);
        }
    }

    /** Whether a host of the configuration is every address of this machine. */
    public static boolean isEverywhere(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    /** Where clients reach it. */
    public URI address(String host, boolean tls) {
        String shown = isEverywhere(host) ? "localhost" : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return URI.create((tls ? "tls" : "tcp") + "://" + shown + ":" + port);
    }
}
