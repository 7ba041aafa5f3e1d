package com.espra.protoplex.host.process.socket;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class ListeningSocketTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    public void aConnectionThatWaitsOutlivesTheChannelThatWouldHaveTakenIt() throws Exception {
        try (ListeningSocket socket = ListeningSocket.bind("http", ANY_PORT, 16)) {
            ServerSocketChannel first = socket.channel();
            try (SocketChannel client = SocketChannel.open(socket.address())) {
                first.close();
                try (ServerSocketChannel second = socket.channel();
                        SocketChannel accepted = second.accept()) {
                    assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
                    assertEquals(socket.address(), accepted.getLocalAddress());
                }
            }
        }
    }

    @Test
    public void itListensUntilItIsClosedEverywhere() throws Exception {
        ListeningSocket socket = ListeningSocket.bind("http", ANY_PORT, 16);
        ServerSocketChannel channel = socket.channel();
        socket.close();

        SocketChannel.open(socket.address()).close();
        channel.close();

        assertThrows(ConnectException.class, () -> SocketChannel.open(socket.address()));
    }

    @Test
    public void aSecondProcessCannotTakeItsAddress() throws Exception {
        try (ListeningSocket socket = ListeningSocket.bind("http", ANY_PORT, 16)) {
            assertThrows(IOException.class, () -> ListeningSocket.bind("again", socket.address(), 16));
        }
    }

    @Test
    public void wildcardsOfBothFamiliesWork() throws Exception {
        for (String host : List.of("0.0.0.0", "::")) {
            try (ListeningSocket socket = ListeningSocket.bind("http", new InetSocketAddress(host, 0), 16);
                    ServerSocketChannel channel = socket.channel();
                    SocketChannel client = SocketChannel.open(new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), socket.address().getPort()));
                    SocketChannel accepted = channel.accept()) {
                assertTrue(host, socket.address().getAddress().isAnyLocalAddress());
                assertEquals(host, client.getLocalAddress(), accepted.getRemoteAddress());
            }
        }
    }

    @Test
    public void theEnvironmentNamesTheSockets() throws Exception {
        try (ListeningSocket http = ListeningSocket.bind("http", ANY_PORT, 16);
                ListeningSocket https = ListeningSocket.bind("https", ANY_PORT, 16)) {
            assertEquals(
                    Map.of("LISTEN_FDS", "2", "LISTEN_FDNAMES", "http:https"),
                    ListeningSocket.environment(List.of(http, https)));
        }
    }

    @Test
    public void socketsThatAreMeantForAnotherProcessAreLeftAlone() throws Exception {
        assertEquals(List.of(), ListeningSocket.inherited(Map.of()));
        assertEquals(List.of(), ListeningSocket.inherited(Map.of("LISTEN_FDS", "2", "LISTEN_PID", "1")));
        assertThrows(IOException.class, () -> ListeningSocket.inherited(Map.of("LISTEN_FDS", "two")));
    }
}
