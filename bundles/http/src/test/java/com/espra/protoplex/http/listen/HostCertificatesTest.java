package com.espra.protoplex.http.listen;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.Pem;
import com.espra.protoplex.certificates.SelfSignedCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A listener with its own certificate and those of further hosts, over real sockets. */
public class HostCertificatesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final TestGroup group = new TestGroup();

    private Path hosts;
    private TlsFiles own;
    private ReloadingCertificate certificate;

    @Before
    public void files() throws Exception {
        hosts = folder.newFolder("hosts").toPath();
        own = SelfSignedCertificate.in(folder.getRoot().toPath().resolve("own"));
    }

    /** A file as the usual tools leave it: chain and key. */
    private static void write(Path file, String kind, String subject, String... names) throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance(kind).generateKeyPair();
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=" + subject),
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minusSeconds(60)),
                Date.from(now.plus(Duration.ofDays(1))),
                new X500Name("CN=" + subject),
                keys.getPublic());
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(Arrays.stream(names)
                        .map(name -> new GeneralName(GeneralName.dNSName, name))
                        .toArray(GeneralName[]::new)));
        String algorithm = kind.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] made = builder.build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))
                .getEncoded();
        Files.writeString(
                file,
                Pem.write("CERTIFICATE", made)
                        + Pem.write("PRIVATE KEY", keys.getPrivate().getEncoded()));
    }

    private int open() throws Exception {
        group.live("app", "1", Handlers.text("secure"), "/");
        OpenListener listener = group.group()
                .open(new ListenerSettings(
                        "tls", "127.0.0.1", 0, own, false, TrustedProxies.NONE, Forwarders.NONE, hosts));
        return listener.address().getPort();
    }

    /** The name in the certificate that a client is shown who asks for a host. */
    private static String shown(int port, String host) throws Exception {
        SSLContext anybody = SSLContext.getInstance("TLS");
        anybody.init(null, new TrustManager[] {new TlsTest.Anybody()}, null);
        try (SSLSocket socket = (SSLSocket) anybody.getSocketFactory().createSocket("127.0.0.1", port)) {
            if (!host.isEmpty()) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(host)));
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            X509Certificate its = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return its.getSubjectX500Principal().getName();
        }
    }

    @Test
    public void aClientIsShownTheCertificateOfTheHostThatItAsksFor() throws Exception {
        write(hosts.resolve("shop.pem"), "EC", "shop", "shop.example.com", "www.shop.example.com");
        write(hosts.resolve("wild.pem"), "EC", "wild", "*.example.com");
        write(hosts.resolve("rsa.pem"), "RSA", "rsa", "rsa.example.org");
        Files.writeString(hosts.resolve("readme.txt"), "not a certificate");
        int port = open();

        assertEquals("CN=shop", shown(port, "shop.example.com"));
        assertEquals("CN=shop", shown(port, "WWW.Shop.example.com"));
        assertEquals("a name goes before a wildcard", "CN=wild", shown(port, "blog.example.com"));
        assertEquals("of another kind of key", "CN=rsa", shown(port, "rsa.example.org"));
        String usual = shown(port, "");
        assertTrue(usual, !usual.matches("CN=(shop|wild|rsa)"));
        assertEquals(usual, shown(port, "nobody.example.net"));
        assertEquals("a wildcard is one label", usual, shown(port, "a.b.example.com"));
    }

    private void reloading() throws Exception {
        certificate = new ReloadingCertificate(own, hosts, false, group.group().scheduler());
        certificate.context().start();
    }

    private boolean hasOne() throws Exception {
        certificate.reload();
        return certificate.context().getAliases().contains("host0");
    }

    @Test
    public void filesComeChangeAndGoWhileTheListenerIsOpen() throws Exception {
        reloading();
        assertEquals(1, certificate.context().getAliases().size());
        write(hosts.resolve("late.pem"), "EC", "late", "late.example.com");
        assertTrue("it has come", hasOne());

        X509Certificate before =
                (X509Certificate) certificate.context().getKeyStore().getCertificate("host0");
        Files.writeString(hosts.resolve("late.pem"), "half of a fi");
        assertTrue("one that was good counts as it was", hasOne());
        write(hosts.resolve("late.pem"), "EC", "later", "late.example.com");
        assertTrue(hasOne());
        X509Certificate after =
                (X509Certificate) certificate.context().getKeyStore().getCertificate("host0");
        assertTrue("it is another one", !before.equals(after));

        Files.delete(hosts.resolve("late.pem"));
        assertTrue("it has gone", !hasOne());
        assertEquals(
                "the listener's own stays",
                1,
                certificate.context().getAliases().size());
    }

    @Test
    public void aBadFileIsLeftOutAndTheOthersAreShown() throws Exception {
        Files.writeString(hosts.resolve("bad.pem"), "nonsense");
        write(hosts.resolve("good.pem"), "EC", "good", "good.example.com");
        write(hosts.resolve("other.pem"), "EC", "other", "other.example.com");
        String key = Files.readString(hosts.resolve("other.pem"));
        String chain = Files.readString(hosts.resolve("good.pem"));
        Files.writeString(
                hosts.resolve("mixed.pem"),
                chain.substring(0, chain.indexOf("-----BEGIN PRIVATE"))
                        + key.substring(key.indexOf("-----BEGIN PRIVATE")));
        int port = open();
        assertEquals("CN=good", shown(port, "good.example.com"));
        assertEquals("CN=other", shown(port, "other.example.com"));
    }

    @Test
    public void theyChangeAlsoWhileTheListenersOwnIsBad() throws Exception {
        reloading();
        String good = Files.readString(own.certificate());
        Files.writeString(own.certificate(), "nonsense");
        write(hosts.resolve("a.pem"), "EC", "a", "a.example.com");
        assertThrows(IOException.class, () -> certificate.reload());
        assertTrue(certificate.context().getAliases().contains("host0"));
        Files.writeString(own.certificate(), good);
        assertTrue("and stay when it is as it was", hasOne());
    }

    @Test
    public void whatIsNoFileOrTooLargeIsNotRead() throws Exception {
        reloading();
        Files.createDirectory(hosts.resolve("folder.pem"));
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", hosts.resolve("pipe.pem").toString())
                        .start()
                        .waitFor());
        Files.createSymbolicLink(hosts.resolve("endless.pem"), Path.of("/dev/zero"));
        Files.write(hosts.resolve("large.pem"), new byte[1 << 20]);
        assertTrue("none of it is taken, or waited for", !hasOne());
    }

    @Test
    public void aFolderThatIsNotThereIsNoReasonToBeClosed() throws Exception {
        Path later = hosts.resolve("later");
        hosts = later;
        reloading();
        assertEquals(1, certificate.context().getAliases().size());
        Files.createDirectory(later);
        write(later.resolve("a.pem"), "EC", "a", "a.example.com");
        assertTrue(hasOne());
    }
}
