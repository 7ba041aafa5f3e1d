package com.espra.protoplex.stream;

import static com.espra.protoplex.stream.TestListener.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.stream.StreamHandler;
import com.espra.protoplex.certificates.SelfSignedCertificate;
import com.espra.protoplex.stream.connection.StreamCertificate;
import com.espra.protoplex.stream.connection.TlsSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

public class StreamTlsTest {

    private final TemporaryFolder folder = new TemporaryFolder();
    private final TlsSource certificate = new StreamCertificate(
            () -> SelfSignedCertificate.in(folder.getRoot().toPath()));
    private final TestListener first = new TestListener().with(certificate, true);
    private final TestListener later = new TestListener().with(certificate, false);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(first).around(later);

    /** Answers lines, and begins TLS when it is asked to. */
    private static final StreamHandler STARTS_TLS = connection -> {
        for (String line = Lines.read(connection); !line.isEmpty(); line = Lines.read(connection)) {
            if (line.equals("STARTTLS")) {
                Lines.say(connection, "220 go ahead");
                connection.startTls();
            } else {
                Lines.say(connection, line + " " + connection.tls().isPresent());
            }
        }
    };

    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        return context;
    }

    @Test
    public void tlsIsSpokenFromTheFirstByte() throws Exception {
        first.live("mail", "mail-1", STARTS_TLS);
        try (LineClient client = first.client()) {
            client.secure(trusting());
            assertEquals("hello true", client.ask("hello"));
            assertEquals("again true", client.ask("again"));
        }
        until("its place is free", () -> first.open() == 0);
        assertEquals(0, first.cut("handshake"));
    }

    @Test
    public void whoSpeaksNoTlsThereIsCutAndOthersAreServed() throws Exception {
        first.live("mail", "mail-1", STARTS_TLS);
        try (LineClient well = first.client()) {
            well.secure(trusting());
            assertEquals("hello true", well.ask("hello"));
            first.limit(
                    first.limits().withTimes(Duration.ofMinutes(5), Duration.ofMillis(500), Duration.ofSeconds(30)));
            try (LineClient plain = first.client();
                    LineClient silent = first.client()) {
                plain.send("HELO there, this is no TLS");
                until("both are cut", () -> first.cut("handshake") == 2);
                assertTrue(silent.isEnded());
                assertEquals("again true", well.ask("again"));
            }
        }
    }

    @Test
    public void tlsBeginsWhenTheHandlerSaysSo() throws Exception {
        later.live("mail", "mail-1", STARTS_TLS);
        try (LineClient client = later.client()) {
            assertEquals("hello false", client.ask("hello"));
            assertEquals("220 go ahead", client.ask("STARTTLS"));
            client.secure(trusting());
            assertEquals("hello true", client.ask("hello"));
            client.close();
        }
        until("its place is free", () -> later.open() == 0);
    }

    @Test
    public void whatIsSentBehindTheCommandDoesNotPassForSecured() throws Exception {
        CompletableFuture<String> failure = new CompletableFuture<>();
        later.live("mail", "mail-1", connection -> {
            try {
                STARTS_TLS.handle(connection);
                failure.complete("none");
            } catch (IOException e) {
                failure.complete(String.valueOf(e.getMessage()));
            }
        });
        try (LineClient client = later.client()) {
            client.socket().getOutputStream().write("STARTTLS\r\nMAIL FROM:<thief@example.com>\r\n".getBytes());
            assertEquals(Optional.of("220 go ahead"), client.line());
            assertTrue(client.isEnded());
        }
        String reason = failure.get(20, TimeUnit.SECONDS);
        assertTrue(reason, reason.contains("31 bytes before it was told to begin"));
    }

    @Test
    public void aHandshakeThatDoesNotComeIsCut() throws Exception {
        later.limit(later.limits().withTimes(Duration.ofMinutes(5), Duration.ofMillis(500), Duration.ofSeconds(30)));
        later.live("mail", "mail-1", STARTS_TLS);
        try (LineClient client = later.client()) {
            assertEquals("220 go ahead", client.ask("STARTTLS"));
            assertTrue(client.isEnded());
        }
        until("it is counted", () -> later.cut("handshake") == 1);
    }

    @Test
    public void theEndOfTheNodesSideIsSaidInTls() throws Exception {
        first.live("mail", "mail-1", connection -> Lines.say(connection, "bye"));
        try (LineClient client = first.client()) {
            client.secure(trusting());
            assertEquals(Optional.of("bye"), client.line());
            // Java throws if the connection ends without a close_notify.
            assertEquals(Optional.empty(), client.line());
        }
    }

    @Test
    public void aCertificateThatChangesIsTaken() throws Exception {
        Path own = folder.getRoot().toPath();
        Path other = folder.newFolder("other").toPath();
        first.live("mail", "mail-1", STARTS_TLS);
        Certificate before = shown();

        SelfSignedCertificate.in(other);
        for (String name : new String[] {"self-made.key", "self-made.crt"}) {
            Files.copy(other.resolve(name), own.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }

        until("the new one is shown", () -> !shown().equals(before));
        assertNotEquals(before, shown());
    }

    private Certificate shown() throws Exception {
        try (LineClient client = first.client()) {
            return client.secure(trusting()).getSession().getPeerCertificates()[0];
        }
    }

    @Test
    public void aListenerWithoutACertificateSaysSo() {
        TlsSource none = new StreamCertificate(() -> {
            throw new IOException("it is not there");
        });
        assertEquals(
                "it is not there",
                assertThrows(IOException.class, none::context).getMessage());
    }

    /** Trusts anybody. */
    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
