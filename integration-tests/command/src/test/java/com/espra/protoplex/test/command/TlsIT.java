package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** TLS and HTTP/2 while versions and certificates change: connections stay, and streams that are under way end well. */
public class TlsIT {

    private static final String NODE = "node-1";
    private static final int VERSIONS = Fleet.SOAK ? 10 : 2;
    private static final char[] PASSWORD = "changeit".toCharArray();

    @ClassRule
    public static final Fleet fleet = new Fleet();

    private static int patch;

    @Before
    public void up() throws Exception {
        if (patch > 0) {
            return;
        }
        useCertificate("first");
        fleet.configure(
                NODE,
                node -> node.withObject("/listeners/https")
                        .put("certificate", certificate().toString())
                        .put("key", key().toString()));
        withoutItsKeyHttpServesAndUpSaysWhy();
        fleet.up();
        push();
    }

    /** Before all else, because it needs a start. */
    private static void withoutItsKeyHttpServesAndUpSaysWhy() throws Exception {
        String good = Files.readString(key());
        Files.writeString(key(), "no key");
        long begun = System.nanoTime();
        Fleet.Result up = fleet.tryUp().failedWith(1);
        long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
        assertTrue("it knows at once, and waits for nothing: " + took + " s", took < Fleet.DEADLINE.toSeconds());
        assertTrue(up.toString(), up.output().contains("node-1 serves"));
        assertTrue(
                up.toString(),
                up.errors().contains("listener https") && up.errors().contains("key.pem"));
        assertEquals(404, fleet.get("/nothing").statusCode());
        String status = fleet.run("status").succeeded().output();
        assertTrue(status, status.contains("node-1 is degraded: listener https"));
        fleet.run("down").succeeded();
        Files.writeString(key(), good);
    }

    @Test
    public void aNewCertificateIsShownToNewConnectionsAndTheOldOnesGoOn() throws Exception {
        X509Certificate before = shown();
        try (SSLSocket old = connect()) {
            InputStream in = new BufferedInputStream(old.getInputStream());
            assertEquals("hello 1.0." + patch, get(old, in));

            useCertificate("second");

            Await.until("the new certificate is shown", Fleet.DEADLINE, () -> !before.equals(shown()));
            assertEquals("CN=second", shown().getSubjectX500Principal().getName());
            push();
            assertEquals("hello 1.0." + patch, get(old, in));
            assertEquals(before, old.getSession().getPeerCertificates()[0]);
        }
    }

    @Test
    public void versionsChangeUnderHttp2() throws Exception {
        try (Http2Load load = new Http2Load(address("https", 8443))) {
            change(load);
        }
    }

    @Test
    public void versionsChangeUnderHttp2InClearText() throws Exception {
        try (Http2Load load = new Http2Load(address("http", 8080))) {
            change(load);
        }
    }

    private static void change(Http2Load load) throws Exception {
        for (int i = 0; i < VERSIONS; i++) {
            push();
            String now = "hello 1.0." + patch;
            Await.until("answers of " + now, Fleet.DEADLINE, () -> load.answers(now) > 0);
        }
        load.close();
        load.assertNothingFailed();
    }

    private static void push() throws Exception {
        String version = "1.0." + ++patch;
        fleet.run("push", Apps.hello(version, fleet.root()).toString()).succeeded();
    }

    private static URI address(String scheme, int port) {
        return URI.create(scheme + "://localhost:" + fleet.port(port) + "/hello");
    }

    private static SSLSocket connect() throws Exception {
        SSLSocket socket =
                (SSLSocket) new Trust().context().getSocketFactory().createSocket("localhost", fleet.port(8443));
        socket.setSoTimeout((int) Fleet.DEADLINE.toMillis());
        socket.startHandshake();
        return socket;
    }

    private static X509Certificate shown() throws Exception {
        try (SSLSocket socket = connect()) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static String get(SSLSocket socket, InputStream in) throws IOException {
        socket.getOutputStream()
                .write("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("HTTP/1.1 200 OK", Load.line(in));
        int length = 0;
        for (String header = Load.line(in); !header.isEmpty(); header = Load.line(in)) {
            if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static Path certificate() {
        return fleet.root().resolve("certificate.pem");
    }

    private static Path key() {
        return fleet.root().resolve("key.pem");
    }

    /** As whoever renews certificates does it: one file after the other, each whole. */
    private static void useCertificate(String name) throws Exception {
        Path store = fleet.root().resolve(UUID.randomUUID() + ".p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        pem(key(), "PRIVATE KEY", keys.getKey(name, PASSWORD).getEncoded());
        pem(certificate(), "CERTIFICATE", keys.getCertificate(name).getEncoded());
    }

    private static void pem(Path file, String type, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
