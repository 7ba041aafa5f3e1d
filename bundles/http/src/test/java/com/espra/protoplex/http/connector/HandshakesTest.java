package com.espra.protoplex.http.connector;

import static com.espra.protoplex.http.Until.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.SelfSignedCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.exchange.Exchange;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.Trusting;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Handshakes that are begun and not ended, over real sockets. */
public class HandshakesTest {

    private static final int MOST = 8;

    /** The head of a ClientHello of 512 bytes. */
    private static final byte[] BEGUN = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc};

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Handshakes handshakes = new Handshakes(MOST);
    private final List<Socket> clients = new ArrayList<>();
    private final Server server = new Server();
    private TlsFiles tls;
    private LosslessConnector connector;

    @Before
    public void start() throws Exception {
        tls = SelfSignedCertificate.in(folder.getRoot().toPath());
        HeadMemory heads = new HeadMemory(() -> false);
        ClientMemory memory = new ClientMemory(heads, new UnreadBodies(), handshakes);
        HttpConfiguration http = new HttpConfiguration();
        http.addCustomizer((request, responseHeaders) -> new Exchange(request, "id", Limits.DEFAULT, Forwarders.NONE));
        SslContextFactory.Server certificate = new SslContextFactory.Server();
        certificate.setKeyStore(PemFiles.keyStore(tls));
        certificate.setKeyStorePassword("");
        connector = new LosslessConnector(
                server,
                heads,
                false,
                new CountingTls(certificate, "http/1.1", memory),
                new HttpConnectionFactory(http));
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

    @Test
    public void theOldestIsCutAndOthersAreServed() throws Exception {
        begin();
        until("the first is the oldest", () -> handshakes.open() == 1);
        for (int i = 1; i < 3 * MOST; i++) {
            begin();
        }
        until("the surplus is cut", () -> handshakes.cut() == 2 * MOST);
        assertEquals("the oldest", -1, clients.getFirst().getInputStream().read());
        assertEquals(MOST, handshakes.open());

        try (HttpClient other =
                HttpClient.newBuilder().sslContext(Trusting.only(tls)).build()) {
            URI uri = URI.create("https://localhost:" + connector.getLocalPort() + "/");
            assertEquals(
                    "here",
                    other.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .body());
            assertTrue("a handshake that is over does not count", handshakes.open() < MOST);
        }

        clients.forEach(IO::close);
        until("nothing is held any more", () -> handshakes.open() == 0);
    }

    private void begin() throws Exception {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        clients.add(client);
        client.getOutputStream().write(BEGUN);
    }
}
