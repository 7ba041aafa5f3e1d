package com.espra.protoplex.http.connector;

import com.espra.protoplex.proxyprotocol.ProxyHeader;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that begin with the header of a proxy, which is required of those who are trusted and not looked for with others. Jetty's own
 * factory believes whoever connects, and puts an end point of its own around ours, by which a connection's memory is counted.
 */
public final class ProxiedConnections extends AbstractConnectionFactory {

    private static final Logger LOG = LoggerFactory.getLogger(ProxiedConnections.class);

    private final TrustedProxies proxies;
    private final ConnectionFactory next;

    /** An end point that can be told whose connection it is. */
    interface Relayed {

        /** The two ends of the connection to the proxy are those of this one from now on. */
        void relays(ProxyHeader.Ends ends);
    }

    /** @param next makes the connection that follows the header */
    public ProxiedConnections(TrustedProxies proxies, ConnectionFactory next) {
        super("proxied");
        this.proxies = proxies;
        this.next = next;
    }

    /** The factories of a listener, and before them the one that reads the header. */
    public static List<ConnectionFactory> before(List<ConnectionFactory> factories, TrustedProxies proxies) {
        List<ConnectionFactory> all = new ArrayList<>(factories);
        all.addFirst(new ProxiedConnections(proxies, factories.getFirst()));
        return List.copyOf(all);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        boolean trusted = endPoint.getRemoteSocketAddress() instanceof InetSocketAddress address
                && proxies.contains(address.getAddress());
        return trusted
                ? configure(new Header(connector, endPoint), connector, endPoint)
                : next.newConnection(connector, endPoint);
    }

    /** What is read before the connection is somebody's. */
    private final class Header extends AbstractConnection implements Connection.UpgradeFrom {

        private final Connector connector;
        private ByteBuffer read = BufferUtil.allocate(ProxyHeader.LONGEST);

        Header(Connector connector, EndPoint endPoint) {
            super(endPoint, connector.getExecutor());
            this.connector = connector;
        }

        @Override
        public void onOpen() {
            super.onOpen();
            fillInterested();
        }

        @Override
        public void onFillable() {
            try {
                for (int more = getEndPoint().fill(read);
                        more != 0;
                        more = getEndPoint().fill(read)) {
                    if (more < 0) {
                        throw new EOFException("it ended within the header of a proxy");
                    }
                    if (isRead()) {
                        getEndPoint().upgrade(next.newConnection(connector, getEndPoint()));
                        return;
                    }
                }
                fillInterested();
            } catch (IOException e) {
                LOG.debug("{} is closed: {}", getEndPoint(), e.getMessage());
                close();
            }
        }

        private boolean isRead() throws IOException {
            ByteArrayInputStream in =
                    new ByteArrayInputStream(read.array(), read.arrayOffset() + read.position(), read.remaining());
            try {
                ProxyHeader.read(in).ifPresent(ends -> {
                    if (getEndPoint() instanceof Relayed relayed) {
                        relayed.relays(ends);
                    }
                });
            } catch (EOFException e) {
                if (BufferUtil.isFull(read)) {
                    throw new IOException("the header of a proxy has no end", e);
                }
                return false;
            }
            read.position(read.limit() - in.available());
            return true;
        }

        @Override
        public ByteBuffer onUpgradeFrom() {
            ByteBuffer rest = read;
            read = BufferUtil.EMPTY_BUFFER;
            return rest;
        }
    }
}
