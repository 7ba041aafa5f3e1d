package com.espra.protoplex.http.limits;

import static com.espra.protoplex.http.Until.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.connector.HeadMemory;
import com.espra.protoplex.http.connector.LosslessConnector;
import com.espra.protoplex.http.exchange.Exchange;
import com.espra.protoplex.http.front.Forwarders;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.junit.After;
import org.junit.Test;

/** A listener whose selector accepts. */
public class AcceptingTest {

    private static final int MOST = 5;
    private static final int ALL = 200;

    private final List<RawClient> clients = new ArrayList<>();
    private final Server server = new Server();

    @After
    public void stop() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        server.stop();
    }

    static LosslessConnector connector(Server server) throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        http.addCustomizer((request, responseHeaders) -> new Exchange(request, "id", Limits.DEFAULT, Forwarders.NONE));
        LosslessConnector connector =
                new LosslessConnector(server, new HeadMemory(() -> false), false, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(ALL);
        server.addConnector(connector);
        server.setHandler(Handlers.text("here"));
        return connector;
    }

    @Test
    public void ofManyWhoWaitNoMoreAreAcceptedThanThereMayBe() throws Exception {
        LosslessConnector connector = connector(server);
        ConnectionLimit limit = new ConnectionLimit(() -> MOST, () -> ALL);
        Counted counted = new Counted(limit);
        connector.addBean(limit);
        connector.addBean(counted);
        server.start();
        connector.setAccepting(false);
        for (int i = 0; i < ALL; i++) {
            RawClient client = new RawClient(connector.getLocalPort());
            clients.add(client);
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        limit.watch(connector);

        // Each that leaves makes room; at the end all have been there.
        for (RawClient client : clients) {
            assertEquals("here", client.answer().body());
            client.close();
        }
        until("all have left", () -> limit.open() == 0);
        assertEquals(ALL, counted.all.get());
        assertTrue("at once: " + counted.most.get(), counted.most.get() <= MOST);
    }

    private static final class Counted implements SelectorManager.AcceptListener {
        private final AtomicInteger all = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final ConnectionLimit limit;

        Counted(ConnectionLimit limit) {
            this.limit = limit;
        }

        @Override
        public void onAccepting(SelectableChannel channel) {
            all.incrementAndGet();
            most.accumulateAndGet(limit.open(), Math::max);
        }
    }

    @Test
    public void whoComesWhileNoFileCanBeOpenedIsServedWhenOneCan() throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 256; exec \"$0\" \"$@\"",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NoFilesLeft.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader();
                OutputStream in = process.getOutputStream()) {
            int port = Integer.parseInt(out.readLine());
            // One or two find a file that was just closed.
            for (int i = 0; i < MOST; i++) {
                RawClient client = new RawClient(port);
                clients.add(client);
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            assertEquals("full", out.lines().filter("full"::equals).findFirst().orElse("ended"));

            in.write('\n');
            in.flush();

            for (RawClient client : clients) {
                assertEquals("here", client.answer().body());
            }
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }
}
