package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.relay.upstream.UpstreamLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The connections of one loop to one target: those in use, those kept for the next request, and who waits for one. */
final class KeptConnections {

    /** Of a loop; a target that needs more at once is slow, and more would make it slower. */
    private static final int MOST_CONNECTIONS = UpstreamLimits.USUAL.connections();

    private static final int MOST_WAITING = UpstreamLimits.USUAL.waiting();
    private static final int MOST_IDLE = 256;

    /** As in Jetty's path of the relay: shorter than servers keep theirs. */
    private static final long IDLE_NANOS = UpstreamLimits.USUAL.idle().toNanos();

    private static final int HTTP_PORT = 80;

    private final Loop loop;
    private final URI address;
    private final String host;
    private final int port;
    private final @Nullable InetAddress literal;
    private final ArrayDeque<TargetConnection> idle = new ArrayDeque<>();
    private final ArrayDeque<Passage> waiting = new ArrayDeque<>();
    private final Lookup lookup;
    private int open;

    KeptConnections(Loop loop, URI address) {
        this.loop = loop;
        this.address = address;
        String name = address.getHost();
        host = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
        port = address.getPort() < 0 ? HTTP_PORT : address.getPort();
        literal = literal(host);
        lookup = new Lookup(loop, loop.executor(), () -> InetAddress.getByName(host));
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException name) {
            return null;
        }
    }

    Loop loop() {
        return loop;
    }

    URI address() {
        return address;
    }

    /** Gives the passage a connection, now or later, or tells it that there is none. */
    void ask(Passage passage) {
        TargetConnection kept = idle.pollLast();
        if (kept != null) {
            kept.serve(passage);
        } else if (open < MOST_CONNECTIONS && loop.counts().opens()) {
            open++;
            connect(passage);
        } else if (open > 0 && waiting.size() < MOST_WAITING) {
            waiting.addLast(passage);
        } else {
            passage.full();
        }
    }

    private void connect(Passage passage) {
        InetAddress known = literal;
        TargetConnection connection = new TargetConnection(this);
        connection.serve(passage);
        if (known != null) {
            connect(connection, known);
            return;
        }
        lookup.ask(connection);
    }

    /** The address of its target is known; {@code null}: there is none. */
    void found(TargetConnection connection, @Nullable InetAddress address) {
        if (connection.isEnded()) {
            return;
        }
        if (address == null) {
            connection.end(Outcome.NO_CONNECTION);
        } else {
            connect(connection, address);
        }
    }

    private void connect(TargetConnection connection, InetAddress to) {
        try {
            SocketChannel channel = SocketChannel.open();
            connection.use(channel);
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(new InetSocketAddress(to, port));
            connection.register();
        } catch (IOException | RuntimeException e) {
            connection.end(Outcome.NO_CONNECTION);
        }
    }

    /** It can serve another. */
    void keep(TargetConnection connection, long now) {
        Passage next = waiting.pollFirst();
        if (next != null) {
            connection.serve(next);
        } else if (idle.size() < MOST_IDLE) {
            connection.keep(now);
            idle.addLast(connection);
        } else {
            connection.close();
        }
    }

    /** It is closed. */
    void forget(TargetConnection connection, boolean wasIdle) {
        open--;
        loop.counts().closed();
        lookup.leave(connection);
        if (wasIdle) {
            idle.remove(connection);
        }
        Passage next = waiting.pollFirst();
        if (next != null) {
            ask(next);
        }
    }

    /** It waits no more. */
    void leave(Passage passage) {
        waiting.remove(passage);
    }

    /** Closes what nobody has used for long. Whether it may be forgotten itself. */
    boolean isUnused(long now) {
        for (Iterator<TargetConnection> each = idle.iterator(); each.hasNext(); ) {
            TargetConnection connection = each.next();
            if (now - connection.keptSince() < IDLE_NANOS) {
                break;
            }
            each.remove();
            connection.closeKept();
        }
        return open == 0 && waiting.isEmpty() && !lookup.isUnderWay();
    }
}
