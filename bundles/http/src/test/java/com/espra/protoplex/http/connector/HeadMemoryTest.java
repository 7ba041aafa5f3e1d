package com.espra.protoplex.http.connector;

import static com.espra.protoplex.http.Until.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.exchange.Exchange;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.http.limits.Limits;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.IO;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Heads that are begun and not ended, over real sockets. */
public class HeadMemoryTest {

    private static final int MOST = 64 << 10;
    private static final String HEAD = "GET / HTTP/1.1\r\nHost: a\r\n" + "0:\r\n".repeat(1700);

    private final AtomicBoolean pressure = new AtomicBoolean();
    private final HeadMemory heads = new HeadMemory(MOST, pressure::get);
    private final List<RawClient> clients = new ArrayList<>();
    private Server server;
    private LosslessConnector connector;

    @Before
    public void start() throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(16384);
        http.addCustomizer((request, responseHeaders) -> new Exchange(request, "id", Limits.DEFAULT, Forwarders.NONE));
        server = new Server();
        connector = new LosslessConnector(server, heads, false, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(Handlers.text("here"));
        server.start();
    }

    @After
    public void stop() throws Exception {
        clients.forEach(IO::close);
        server.stop();
    }

    private RawClient client() throws Exception {
        RawClient client = new RawClient(connector.getLocalPort());
        clients.add(client);
        return client;
    }

    @Test
    public void headsThatDoNotEndAreBoundedOverAllConnections() throws Exception {
        RawClient early = client();
        early.send("GET / HTTP/1.1\r\nHost: a\r\n");
        for (int i = 0; i < 40; i++) {
            RawClient client = client();
            try {
                client.send(HEAD);
                client.send(HEAD.substring(25));
            } catch (SocketException disconnected) {
                // As it should be for most.
            }
        }

        until("most are disconnected", () -> connector.getConnectedEndPoints().size() < 30);
        assertTrue(heads.bytes() + " bytes", heads.bytes() <= 2 * MOST);
        early.send("\r\n");
        assertEquals("whoever has little goes on", 200, early.answer().status());
        assertEquals("others are served", 200, client().get("/").status());

        clients.forEach(IO::close);
        until("nothing is held any more", () -> heads.bytes() == 0);
    }

    /** While the process is short of memory, no large head is parsed, and none that is begun goes on; whole ones are. */
    @Test
    public void underPressureNoHeadMayGrow() throws Exception {
        String start = "GET / HTTP/1.1\r\nHost: a\r\n";
        String fields = "0:\r\n".repeat(50);
        RawClient begun = client();
        begun.send(start);
        RawClient grown = client();
        grown.send(start + fields);
        until("both have come and count", () -> heads.bytes() == 2 * start.length() + fields.length());

        pressure.set(true);
        assertTrue(isDisconnected(grown, "2:\r\n"));
        assertTrue(isDisconnected(client(), HEAD));
        assertEquals(2, heads.cut());
        assertEquals("what is whole is served", 200, client().get("/").status());

        pressure.set(false);
        begun.send("\r\n");
        assertEquals(
                "whoever did nothing meanwhile goes on", 200, begun.answer().status());
        clients.forEach(IO::close);
        until("nothing is held any more", () -> heads.bytes() == 0);
        assertEquals(
                "all is as before",
                200,
                client().get("/", "X-Long: " + "x".repeat(8000)).status());
        assertEquals(2, heads.cut());
    }

    private static boolean isDisconnected(RawClient client, String more) throws Exception {
        try {
            client.send(more);
        } catch (SocketException disconnected) {
            return true;
        }
        return client.read() == -1;
    }

    /** A head may begin in the same packet as the end of a request, where no read would show it. */
    @Test
    public void whatFollowsARequestCounts() throws Exception {
        RawClient client = client();
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + HEAD);
        assertEquals(200, client.answer().status());

        until("the head counts", () -> heads.bytes() > 4000);
    }

    @Test
    public void aConnectionWithoutAHeadHoldsNothing() throws Exception {
        RawClient client = client();
        for (int i = 0; i < 3; i++) {
            assertEquals(200, client.get("/", "X-Long: " + "x".repeat(3000)).status());
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n" + "x".repeat(4000));
            assertEquals(200, client.answer().status());
        }
        assertEquals(0, heads.bytes());
    }
}
