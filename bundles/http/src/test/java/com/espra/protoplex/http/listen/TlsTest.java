package com.espra.protoplex.http.listen;

import static com.espra.protoplex.http.Until.until;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.SelfSignedCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.TestGroup;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** TLS with HTTP/2 and HTTP/1.1, certificates that are made, given, changed and wrong. */
public class TlsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final TestGroup group = new TestGroup();

    @Test
    public void http2AndHttp1() throws Exception {
        group.live("app", "1", Handlers.text("secure"), "/");
        TlsFiles tls = SelfSignedCertificate.in(home());
        URI uri = open(tls);

        HttpResponse<String> two = get(uri, tls, HttpClient.Version.HTTP_2);
        assertEquals("secure", two.body());
        assertEquals(HttpClient.Version.HTTP_2, two.version());
        HttpResponse<String> one = get(uri, tls, HttpClient.Version.HTTP_1_1);
        assertEquals("secure", one.body());
        assertEquals(HttpClient.Version.HTTP_1_1, one.version());
    }

    @Test
    public void theSelfMadeCertificateIsKeptAndPrivate() throws Exception {
        TlsFiles tls = SelfSignedCertificate.in(home());
        byte[] made = Files.readAllBytes(tls.certificate());

        assertArrayEquals(
                made, Files.readAllBytes(SelfSignedCertificate.in(home()).certificate()));
        assertEquals(
                Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE),
                Files.getPosixFilePermissions(tls.key()));
        X509Certificate certificate = (X509Certificate) PemFiles.chain(tls.certificate())[0];
        assertTrue(certificate.getNotAfter().toInstant().isAfter(Instant.now().plus(Duration.ofDays(300))));
    }

    @Test
    public void aChangedCertificateIsServedWithoutClosingTheSocket() throws Exception {
        group.live("app", "1", Handlers.text("secure"), "/");
        TlsFiles tls = SelfSignedCertificate.in(home());
        ReloadingCertificate certificate =
                new ReloadingCertificate(tls, null, false, group.group().scheduler());
        certificate.context().start();
        X509Certificate before =
                certificate.context().getKeyStore().getCertificate("listener") instanceof X509Certificate x ? x : null;

        Files.delete(tls.certificate());
        SelfSignedCertificate.in(home());
        Files.setLastModifiedTime(tls.certificate(), FileTime.from(Instant.EPOCH));
        Files.setLastModifiedTime(tls.key(), FileTime.from(Instant.EPOCH));
        certificate.reload();

        assertNotEquals(before, certificate.context().getKeyStore().getCertificate("listener"));
        certificate.context().stop();
    }

    @Test
    public void filesThatAreNoCertificateAreRefusedByName() throws Exception {
        TlsFiles tls = SelfSignedCertificate.in(home());
        Path nonsense = folder.newFile("nonsense.pem").toPath();
        Files.writeString(nonsense, "nonsense");

        IOException noKey = assertThrows(IOException.class, () -> open(new TlsFiles(tls.certificate(), nonsense)));
        assertTrue(noKey.getMessage(), noKey.getMessage().contains("nonsense.pem"));
        IOException noCertificate = assertThrows(IOException.class, () -> open(new TlsFiles(nonsense, tls.key())));
        assertTrue(noCertificate.getMessage(), noCertificate.getMessage().contains("nonsense.pem"));
    }

    @Test
    public void aKeyOfAnotherCertificateIsRefusedAndTheCertificateFromBeforeStays() throws Exception {
        TlsFiles tls = SelfSignedCertificate.in(home());
        TlsFiles other = SelfSignedCertificate.in(folder.getRoot().toPath().resolve("other"));
        PemFiles.requireMatch(tls);
        ReloadingCertificate certificate =
                new ReloadingCertificate(tls, null, false, group.group().scheduler());
        certificate.context().start();
        Certificate before = certificate.context().getKeyStore().getCertificate("listener");

        Files.copy(other.certificate(), tls.certificate(), StandardCopyOption.REPLACE_EXISTING);
        IOException refused = assertThrows(IOException.class, certificate::reload);

        assertTrue(refused.getMessage(), refused.getMessage().contains("belong together"));
        assertEquals(before, certificate.context().getKeyStore().getCertificate("listener"));

        Files.copy(other.key(), tls.key(), StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(tls.key(), FileTime.from(Instant.EPOCH));
        certificate.reload();
        assertEquals(
                "when its key has come, too",
                PemFiles.chain(other.certificate())[0],
                certificate.context().getKeyStore().getCertificate("listener"));
        certificate.context().stop();
    }

    /** As tools renew: a certificate first, its key later, both with the times of another machine. */
    @Test
    public void aPairThatComesApartInTimeIsServedWhenItIsWhole() throws Exception {
        group.live("app", "1", Handlers.text("secure"), "/");
        TlsFiles tls = SelfSignedCertificate.in(home());
        TlsFiles renewed = SelfSignedCertificate.in(folder.getRoot().toPath().resolve("renewed"));
        OpenListener listener = group.group().open(new ListenerSettings("tls", "127.0.0.1", 0, tls));
        Certificate before = shown(listener);
        assertEquals(PemFiles.chain(tls.certificate())[0], before);

        replace(tls.certificate(), Files.readAllBytes(renewed.certificate()));
        assertThrows(IOException.class, certificate(listener)::reload);
        assertEquals("the old pair serves on", before, shown(listener));
        byte[] key = Files.readAllBytes(renewed.key());
        replace(tls.key(), Arrays.copyOf(key, key.length / 2));
        assertThrows(IOException.class, certificate(listener)::reload);
        assertEquals("while a file is being written, too", before, shown(listener));
        Files.delete(tls.key());
        assertThrows(IOException.class, certificate(listener)::reload);
        assertEquals("or is not there", before, shown(listener));

        replace(tls.key(), key);
        until("it is looked for by itself", () -> !before.equals(shown(listener)));
        assertEquals(PemFiles.chain(renewed.certificate())[0], shown(listener));
        assertEquals(
                "secure",
                get(listener.address(), renewed, HttpClient.Version.HTTP_2).body());
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }

    private static ReloadingCertificate certificate(OpenListener listener) {
        return listener.connector()
                .getConnectionFactory(SslConnectionFactory.class)
                .getBean(ReloadingCertificate.class);
    }

    /** What a client that comes now is shown. */
    private static Certificate shown(OpenListener listener) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", listener.address().getPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    static final class Anybody extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    public void aPortThatIsTakenSaysWhatToDo() {
        IOException taken = assertThrows(
                IOException.class,
                () -> group.group().open(new ListenerSettings("second", "127.0.0.1", group.port(), null)));

        assertTrue(taken.getMessage(), taken.getMessage().contains("listeners.second.port"));
    }

    private Path home() {
        return folder.getRoot().toPath().resolve("http");
    }

    private URI open(TlsFiles tls) throws IOException {
        return group.group()
                .open(new ListenerSettings("tls", "127.0.0.1", 0, tls))
                .address();
    }

    private static HttpResponse<String> get(URI uri, TlsFiles tls, HttpClient.Version version) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(Trusting.only(tls))
                .version(version)
                .build();
        return client.send(HttpRequest.newBuilder(uri.resolve("/")).build(), BodyHandlers.ofString());
    }
}
