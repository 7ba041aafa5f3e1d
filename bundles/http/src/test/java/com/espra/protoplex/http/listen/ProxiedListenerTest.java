package com.espra.protoplex.http.listen;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.SelfSignedCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.server.Request;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Behind a load balancer that says whose connections it relays (PROXY protocol, versions 1 and 2). */
public class ProxiedListenerTest {

    private static final String LINE = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 80\r\n";
    private static final String BINARY = "0d0a0d0a000d0a515549540a" + "2111000c" + "c0000207" + "c6336401" + "dc040050";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final TestGroup group = new TestGroup();

    @Before
    public void serve() throws Exception {
        group.live(
                "app",
                "1",
                Handlers.of((request, response, callback) ->
                        Handlers.text(Request.getRemoteAddr(request) + " " + request.isSecure(), response, callback)),
                "/");
    }

    private int open(TlsFiles tls, String... proxies) throws IOException {
        return group.group()
                .open(new ListenerSettings("proxied", "127.0.0.1", 0, tls, false, TrustedProxies.of(proxies)))
                .address()
                .getPort();
    }

    @Test
    public void theClientIsWhoTheProxySays() throws Exception {
        int port = open(null, "127.0.0.0/8");
        try (RawClient client = new RawClient(port)) {
            client.send(LINE);
            assertEquals("192.0.2.7 false", client.get("/").body());
            assertEquals(
                    "as long as it lasts", "192.0.2.7 false", client.get("/").body());
        }
        try (RawClient inOne = new RawClient(port)) {
            inOne.send(LINE + "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertEquals("192.0.2.7 false", inOne.answer().body());
        }
        try (RawClient binary = new RawClient(port)) {
            binary.send(new String(HexFormat.of().parseHex(BINARY), StandardCharsets.ISO_8859_1));
            assertEquals("192.0.2.7 false", binary.get("/").body());
        }
        try (RawClient own = new RawClient(port)) {
            own.send("PROXY UNKNOWN\r\n");
            assertEquals("127.0.0.1 false", own.get("/").body());
        }
    }

    @Test
    public void aHeaderMayComeByteByByte() throws Exception {
        try (RawClient client = new RawClient(open(null, "127.0.0.1"))) {
            for (char each : LINE.toCharArray()) {
                client.send(Character.toString(each));
            }
            assertEquals("192.0.2.7 false", client.get("/").body());
        }
    }

    @Test
    public void itComesBeforeTls() throws Exception {
        TlsFiles tls = SelfSignedCertificate.in(folder.newFolder().toPath());
        int port = open(tls, "127.0.0.1");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(LINE.getBytes(StandardCharsets.US_ASCII));
            SSLSocket secure =
                    (SSLSocket) Trusting.only(tls).getSocketFactory().createSocket(socket, "localhost", port, true);
            secure.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new BufferedReader(
                            new InputStreamReader(secure.getInputStream(), StandardCharsets.US_ASCII))
                    .readAllAsString();
            assertTrue(answer, answer.endsWith("192.0.2.7 true"));
        }
    }

    @Test
    public void aTrustedProxyThatSaysNothingIsCut() throws Exception {
        int port = open(null, "127.0.0.1");
        for (String wrong : new String[] {
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "PROXY TCP4 192.0.2.7 nobody 1 2\r\n",
            "PROXY TCP4 " + "1".repeat(3000)
        }) {
            try (RawClient client = new RawClient(port)) {
                client.send(wrong);
                assertEquals(wrong, -1, endOf(client.socket()));
            }
        }
    }

    @Test
    public void whoIsNotTrustedIsNotBelieved() throws Exception {
        int port = open(null, "192.0.2.1");
        try (RawClient plain = new RawClient(port)) {
            assertEquals("127.0.0.1 false", plain.get("/").body());
        }
        try (RawClient liar = new RawClient(port)) {
            liar.send(LINE + "\r\n");
            assertEquals(400, liar.answer().status());
        }
    }

    /** The end of the stream, or a reset where something was left unread. */
    private static int endOf(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (IOException reset) {
            return -1;
        }
    }
}
