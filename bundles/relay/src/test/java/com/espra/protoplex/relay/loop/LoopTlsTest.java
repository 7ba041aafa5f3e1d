package com.espra.protoplex.relay.loop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.SelfSignedCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import com.espra.protoplex.test.support.Await;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The loop within TLS: the same, with what TLS has in its buffers. */
public class LoopTlsTest {

    private static final String GET = "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final int MEGABYTE = 1 << 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final LoopRule loop = new LoopRule();

    private SSLContext trust;
    private int port;

    @Before
    public void open() throws Exception {
        TlsFiles tls = SelfSignedCertificate.in(folder.getRoot().toPath());
        OpenListener listener = loop.group().open(new ListenerSettings("tls", "127.0.0.1", 0, tls));
        port = listener.address().getPort();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("it", PemFiles.chain(tls.certificate())[0]);
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, managers.getTrustManagers(), null);
    }

    private WireClient client() throws Exception {
        return new WireClient(trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
    }

    @Test
    public void requestsOfOneConnectionAreRelayedOneAfterTheOther() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = client()) {
            loop.direct(new OneTarget(target.uri()));
            for (int i = 0; i < 20; i++) {
                assertEquals("ok", client.send(GET).answer().body());
            }
            client.send(GET + GET + GET);
            for (int i = 0; i < 3; i++) {
                assertEquals("ok", client.answer().body());
            }
            assertTrue(target.heads().getFirst().contains("X-Forwarded-Proto: https\r\n"));
            assertEquals(1, target.connections());
            // Counted after it was written.
            Await.until(
                    "one is not counted",
                    Duration.ofSeconds(10),
                    () -> loop.counts().relayed() == 23);
        }
    }

    @Test
    public void bodiesOfAMegabyteGoBothWays() throws Exception {
        String body = "0123456789abcdef".repeat(MEGABYTE / 16);
        try (WireTarget target =
                        WireTarget.answering("HTTP/1.1 200 OK\r\nContent-Length: " + MEGABYTE + "\r\n\r\n" + body);
                WireClient client = client()) {
            loop.direct(new OneTarget(target.uri()));
            for (int i = 0; i < 3; i++) {
                client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + MEGABYTE + "\r\n\r\n")
                        .send(body);
                assertEquals(body, client.answer().body());
            }
            assertEquals(3, loop.counts().relayed());
        }
    }

    @Test
    public void aConnectionBecomesJettysWithTheBytesThatWereRead() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = client()) {
            loop.direct(new OneTarget(target.uri()));
            assertEquals("ok", client.send(GET).answer().body());
            loop.direct(request -> new Decision.Pass());
            client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhel")
                    .send("lo");
            assertEquals("jetty POST hello", client.answer().body());
            assertEquals("jetty GET ", client.send(GET).answer().body());
        }
    }

    @Test
    public void http2_is_jettys() throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(HttpClient.Version.HTTP_2, answer.version());
            assertEquals("jetty GET ", answer.body());
        }
    }
}
