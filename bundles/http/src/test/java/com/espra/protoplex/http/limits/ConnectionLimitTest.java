package com.espra.protoplex.http.limits;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.channels.SocketChannel;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.Test;

public class ConnectionLimitTest {

    private static final int FILES = 600;

    @Test
    public void connectionsLeaveFilesForTheRestWhateverIsConfigured() throws Exception {
        ConnectionLimit limit = new ConnectionLimit(() -> 20_000, () -> FILES);
        ServerConnector connector = new ServerConnector(new Server());
        limit.watch(connector);
        try (SocketChannel client = SocketChannel.open()) {
            for (int i = 1; i < FILES; i++) {
                limit.onAccepting(client);
            }
            assertTrue(connector.isAccepting());

            limit.onAccepting(client);
            assertFalse(connector.isAccepting());

            for (int i = 0; i < FILES / 50; i++) {
                limit.onClosed(client);
            }
            assertTrue("there is room again", connector.isAccepting());
        }
    }
}
