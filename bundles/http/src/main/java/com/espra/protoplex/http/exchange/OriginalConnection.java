package com.espra.protoplex.http.exchange;

import com.espra.protoplex.api.http.OriginalClient;
import java.net.SocketAddress;
import org.eclipse.jetty.server.ConnectionMetaData;

/** The connection of a request that was passed on, as its client's: where that is, and whether it speaks TLS. */
final class OriginalConnection extends ConnectionMetaData.Wrapper {

    private final OriginalClient client;

    OriginalConnection(ConnectionMetaData wrapped, OriginalClient client) {
        super(wrapped);
        this.client = client;
    }

    @Override
    public boolean isSecure() {
        return client.secure();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return client.address();
    }
}
