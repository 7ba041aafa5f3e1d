package com.espra.protoplex.http.listen;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.SelfSignedCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A listener that asks its clients for certificates: who serves there sees what they have shown, whoever has made it. */
public class AskedCertificatesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final TestGroup group = new TestGroup();

    private TlsFiles own = new TlsFiles(Path.of(""), Path.of(""));

    @Before
    public void serve() throws Exception {
        own = SelfSignedCertificate.in(folder.getRoot().toPath().resolve("own"));
        group.live("app", "1", new Shown(), "/");
    }

    private OpenListener open(boolean asks) throws IOException {
        return group.group().open(new ListenerSettings("tls", "127.0.0.1", 0, own, asks, TrustedProxies.NONE));
    }

    /** The answer to a client that has these keys and speaks this. */
    private String ask(OpenListener listener, KeyManager[] keys, String protocol) throws Exception {
        KeyStore trusted = KeyStore.getInstance("JKS");
        trusted.load(null, new char[0]);
        trusted.setCertificateEntry("seed", PemFiles.chain(own.certificate())[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(
                        InetAddress.getLoopbackAddress(), listener.address().getPort())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(answer.lastIndexOf("\r\n\r\n") + 4);
        }
    }

    private static KeyManager[] keys(TlsFiles files) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(PemFiles.keyStore(files), new char[0]);
        return keys.getKeyManagers();
    }

    @Test
    public void whatAClientShowsIsSeenAndOneThatShowsNothingIsServed() throws Exception {
        OpenListener listener = open(true);
        TlsFiles client = SelfSignedCertificate.in(folder.getRoot().toPath().resolve("client"));
        String serial = ((X509Certificate) PemFiles.chain(client.certificate())[0])
                .getSerialNumber()
                .toString();
        assertEquals(serial, ask(listener, keys(client), "TLSv1.3"));
        assertEquals("nothing", ask(listener, new KeyManager[0], "TLSv1.3"));
    }

    /** Before it the certificate of a client goes over the wire in clear text (RFC 8446, section 1.2). */
    @Test
    public void itSpeaksNothingOlderThanTls13() throws Exception {
        OpenListener listener = open(true);
        assertThrows(SSLException.class, () -> ask(listener, new KeyManager[0], "TLSv1.2"));
    }

    @Test
    public void oneThatDoesNotAskIsShownNothing() throws Exception {
        OpenListener listener = open(false);
        assertTrue(ask(listener, keys(own), "TLSv1.2").contains("nothing"));
        assertEquals("nothing", ask(listener, keys(own), "TLSv1.3"));
    }

    /** Answers with the serial number of what the client has shown. */
    private static final class Shown extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            X509Certificate[] chain =
                    request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData tls
                            ? tls.peerCertificates()
                            : null;
            String answer = chain == null || chain.length == 0
                    ? "nothing"
                    : chain[0].getSerialNumber().toString();
            Content.Sink.write(response, true, answer, callback);
            return true;
        }
    }
}
