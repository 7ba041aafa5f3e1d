package com.espra.protoplex.agent.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.CertificateAuthority;
import com.espra.protoplex.certificates.CertificateRequest;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.certificates.identity.FileIdentity;
import com.espra.protoplex.certificates.identity.IdentityFiles;
import com.espra.protoplex.fleet.client.SeedRefusal;
import com.espra.protoplex.json.Json;
import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A node on the Seed's machine gets a certificate from a Seed of few words. */
public class BesideCertificateTest {

    private static final String FLEET = "f1";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CertificateAuthority authority;
    private IdentityFiles files;
    private HttpServer seed;
    private volatile String gives = "node-1";
    private volatile int refuses;
    private volatile Instant issued = Instant.now();

    @Before
    public void start() throws Exception {
        Path home = folder.getRoot().toPath();
        authority = CertificateAuthority.in(home.resolve("ca"), FLEET, Instant.now());
        files = IdentityFiles.in(folder.newFolder("identity").toPath());
        Files.writeString(home.resolve("link.token"), "t\n");
        seed = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        seed.createContext("/v1/certificates", this::answer);
        seed.start();
    }

    @After
    public void stop() {
        seed.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            assertEquals("Bearer t", exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = exchange.getRequestBody().readAllBytes();
            ObjectNode answer = JsonNodeFactory.instance.objectNode().put("authority", authority.pem());
            int status = refuses;
            if (status > 0) {
                answer.put("detail", "no").put("remedy", "wait");
            } else if (exchange.getRequestMethod().equals("POST")) {
                status = 200;
                CertificateRequest request = CertificateRequest.read(
                        Json.MAPPER.readTree(body).path("request").asText());
                answer.put(
                        "certificate",
                        authority.forNode(request.key(), new SpiffeId(FLEET, gives), issued, Duration.ofDays(1)));
            } else {
                status = 200;
                answer.put("fleet", FLEET);
            }
            byte[] bytes = Json.MAPPER.writeValueAsBytes(answer);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (CertificateException e) {
            throw new IOException(e);
        }
    }

    private BesideCertificate certificate() {
        String address = "127.0.0.1:" + seed.getAddress().getPort();
        return new BesideCertificate(
                new SeedAddress(address, folder.getRoot().toPath().resolve("link.token")),
                "node-1",
                files,
                InstantSource.system());
    }

    private String name() {
        return new FileIdentity(files, "none", InstantSource.system())
                .now()
                .map(own -> own.self().uri())
                .orElse("");
    }

    @Test
    public void itIsThereSoonAfterTheSeedAndIsNotAskedForAgain() throws Exception {
        refuses = 503;
        try (BesideCertificate certificate = certificate()) {
            certificate.begin();
            assertEquals("", name());
            refuses = 0;
            Await.until("it has one", PATIENCE, () -> name().equals("spiffe://f1/node/node-1"));
        }
        assertFalse("at the next start it is good", certificate().isDue());
    }

    @Test
    public void oneThatIsDueIsReplacedAndTheKeyStays() throws Exception {
        issued = Instant.now().minus(Duration.ofHours(20));
        certificate().ask();
        assertTrue(certificate().isDue());
        String key = Files.readString(files.own().key());
        String before = Files.readString(files.own().certificate());
        issued = Instant.now();
        try (BesideCertificate certificate = certificate()) {
            certificate.begin();
            Await.until(
                    "the next one",
                    PATIENCE,
                    () -> !Files.readString(files.own().certificate()).equals(before));
        }
        assertEquals(key, Files.readString(files.own().key()));
    }

    @Test
    public void whatIsNotForThisNodeIsNotTaken() {
        gives = "node-2";
        assertThrows(CertificateException.class, () -> certificate().ask());
        assertFalse(Files.exists(files.own().certificate()));
        refuses = 409;
        SeedRefusal refusal =
                assertThrows(SeedRefusal.class, () -> certificate().ask());
        assertTrue(refusal.getMessage(), refusal.getMessage().contains("no"));
    }
}
