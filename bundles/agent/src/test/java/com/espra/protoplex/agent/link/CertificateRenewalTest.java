package com.espra.protoplex.agent.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.CertificateAuthority;
import com.espra.protoplex.certificates.CertificateRequest;
import com.espra.protoplex.certificates.KeyFile;
import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.fleet.client.SeedRefusal;
import com.espra.protoplex.json.Json;
import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A node renews its certificate with a Seed of few words, over real TLS. */
public class CertificateRenewalTest {

    private static final String FLEET = "f1";
    private static final Duration DAY = Duration.ofDays(1);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger renewed = new AtomicInteger();
    private CertificateAuthority authority;
    private KeyPair key;
    private NodeCertificate certificate;
    private HttpsServer seed;
    private volatile int refuses;
    private volatile String gives = "web-3";

    @Before
    public void start() throws Exception {
        Path home = folder.getRoot().toPath();
        authority = CertificateAuthority.in(home.resolve("ca"), FLEET, Instant.now());
        TlsFiles own = new TlsFiles(home.resolve("node.crt"), home.resolve("node.key"));
        key = KeyFile.in(own.key());
        Files.writeString(home.resolve("ca.crt"), authority.pem());
        certificate = new NodeCertificate(own, home.resolve("ca.crt"));
        TlsFiles shown = new TlsFiles(home.resolve("seed.crt"), home.resolve("seed.key"));
        Files.writeString(
                shown.certificate(), authority.forSeed(KeyFile.in(shown.key()).getPublic(), FLEET, Instant.now(), DAY));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(PemFiles.keyStore(shown), new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        seed = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        seed.setHttpsConfigurator(new HttpsConfigurator(tls));
        seed.createContext("/v1/renewals", this::answer);
        seed.start();
    }

    @After
    public void stop() {
        seed.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.incrementAndGet();
            JsonNode body = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
            byte[] bytes;
            int status = refuses;
            if (status > 0) {
                bytes = "{\"detail\": \"it was revoked\", \"remedy\": \"join again\"}".getBytes(StandardCharsets.UTF_8);
            } else {
                status = 200;
                CertificateRequest request =
                        CertificateRequest.read(body.path("request").asText());
                String pem = authority.forNode(request.key(), new SpiffeId(FLEET, gives), Instant.now(), DAY);
                bytes = Json.MAPPER.writeValueAsBytes(
                        JsonNodeFactory.instance.objectNode().put("certificate", pem));
            }
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (CertificateException e) {
            throw new IOException(e);
        }
    }

    private void issued(Instant when) throws Exception {
        Files.writeString(
                certificate.own().certificate(),
                authority.forNode(key.getPublic(), new SpiffeId(FLEET, "web-3"), when, DAY));
    }

    private SeedAddress address() {
        return new SeedAddress("127.0.0.1:" + seed.getAddress().getPort(), Path.of(""), Optional.of(certificate));
    }

    private CertificateRenewal renewal() {
        return new CertificateRenewal(address(), InstantSource.system(), renewed::incrementAndGet);
    }

    @Test
    public void itIsDueAtTwoThirdsAndALittleLaterByChance() {
        Instant from = Instant.parse("2026-03-01T00:00:00Z");
        Instant until = from.plus(Duration.ofHours(24));
        Random random = new Random(5);
        Instant earliest = until;
        Instant latest = from;
        for (int i = 0; i < 1000; i++) {
            Instant due = CertificateRenewal.due(from, until, random);
            earliest = due.isBefore(earliest) ? due : earliest;
            latest = due.isAfter(latest) ? due : latest;
        }
        assertTrue(earliest.toString(), !earliest.isBefore(from.plus(Duration.ofHours(16))));
        assertTrue(latest.toString(), !latest.isAfter(from.plus(Duration.ofHours(18))));
        assertTrue(
                "they do not come at one moment",
                Duration.between(earliest, latest).toMinutes() > 100);
    }

    @Test
    public void thePauseDoublesUpToFiveMinutes() {
        Random random = new Random(5);
        long before = 0;
        for (int failures = 1; failures < 100; failures++) {
            long millis = CertificateRenewal.pause(failures, random).toMillis();
            assertTrue(failures + ": " + millis, millis >= 1000 && millis <= 300_000);
            before = Math.max(before, millis);
        }
        assertTrue(Long.toString(before), before > 150_000);
    }

    @Test
    public void oneThatHasExpiredIsRenewedAtOnce() throws Exception {
        issued(Instant.now().minus(Duration.ofDays(5)));
        X509Certificate old = certificate.chain()[0];
        try (CertificateRenewal renewal = renewal()) {
            renewal.begin();
            Await.until("it is renewed", Duration.ofSeconds(20), () -> renewed.get() == 1);
        }
        assertNotEquals(old, certificate.chain()[0]);
        assertEquals("the key is the same", old.getPublicKey(), certificate.chain()[0].getPublicKey());
        PemFiles.requireMatch(certificate.own());
        assertEquals("it is fresh, so once is enough", 1, asked.get());
    }

    @Test
    public void aClockThatIsAheadAsksOnceAMinuteAtMost() throws Exception {
        issued(Instant.now());
        InstantSource ahead = () -> Instant.now().plus(Duration.ofHours(20));
        BlockingQueue<Integer> successes = new LinkedBlockingQueue<>();
        try (CertificateRenewal renewal = new CertificateRenewal(address(), ahead, () -> successes.add(asked.get()))) {
            renewal.begin();
            assertEquals(Integer.valueOf(1), successes.poll(20, TimeUnit.SECONDS));
            assertNull("the next is due already, and waits", successes.poll(2, TimeUnit.SECONDS));
        }
        Random random = new Random(5);
        for (int i = 0; i < 1000; i++) {
            Duration pause = CertificateRenewal.rest(random);
            assertTrue(pause.toString(), pause.toSeconds() >= 60 && pause.toSeconds() <= 120);
        }
    }

    @Test
    public void aFreshOneIsLeftAlone() throws Exception {
        issued(Instant.now());
        Instant due = CertificateRenewal.due(
                certificate.chain()[0].getNotBefore().toInstant(),
                certificate.chain()[0].getNotAfter().toInstant(),
                new Random(1));
        assertTrue(due.isAfter(Instant.now().plus(Duration.ofHours(12))));
        assertEquals(0, asked.get());
    }

    @Test
    public void aRefusalLeavesItAndItIsTriedAgain() throws Exception {
        issued(Instant.now().minus(Duration.ofDays(5)));
        String before = Files.readString(certificate.own().certificate());
        refuses = 403;
        try (CertificateRenewal renewal = renewal()) {
            SeedRefusal refused = assertThrows(SeedRefusal.class, renewal::renew);
            assertEquals("it was revoked", refused.getMessage());
            assertEquals(before, Files.readString(certificate.own().certificate()));
            renewal.begin();
            Await.until("it is asked again", Duration.ofSeconds(20), () -> asked.get() >= 2);
            refuses = 0;
            Await.until("it is renewed at last", Duration.ofSeconds(30), () -> renewed.get() == 1);
        }
    }

    @Test
    public void whatIsForAnotherNodeIsNotTaken() throws Exception {
        issued(Instant.now());
        String before = Files.readString(certificate.own().certificate());
        gives = "web-4";
        try (CertificateRenewal renewal = renewal()) {
            assertThrows(CertificateException.class, renewal::renew);
        }
        assertEquals(before, Files.readString(certificate.own().certificate()));
    }

    @Test
    public void aSeedOfAnotherFleetIsAskedForNothing() throws Exception {
        issued(Instant.now());
        CertificateAuthority other =
                CertificateAuthority.in(folder.getRoot().toPath().resolve("other"), FLEET, Instant.now());
        Files.writeString(certificate.authority(), other.pem());
        try (CertificateRenewal renewal = renewal();
                SeedHttp http = new SeedHttp(Optional.of(certificate))) {
            IOException refused = assertThrows(IOException.class, renewal::renew);
            assertTrue(refused.toString(), refused.toString().contains("another fleet"));
            assertEquals(0, asked.get());
            http.get();
        }
    }

    @Test
    public void theLinkSaysWhyItDoesNotTrustTheSeed() throws Exception {
        issued(Instant.now());
        CertificateAuthority other =
                CertificateAuthority.in(folder.getRoot().toPath().resolve("other"), FLEET, Instant.now());
        Files.writeString(certificate.authority(), other.pem());
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (SeedHttp http = new SeedHttp(Optional.of(certificate))) {
            Link link = new Link(http, address(), new NobodysPeer(), Timing.DEFAULT);
            link.onTrouble(told::add);
            link.open();
            String trouble = told.poll(20, TimeUnit.SECONDS);
            link.close();
            assertEquals(
                    "its certificate is not that of this node's Seed: it is of another fleet, or of none", trouble);
        }
    }
}
