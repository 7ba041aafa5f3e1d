package com.espra.protoplex.cli.seed;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.CertificateAuthority;
import com.espra.protoplex.certificates.CertificateRequest;
import com.espra.protoplex.certificates.KeyFile;
import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.cli.Cli;
import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.FakeSeed;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.local.LocalFleet;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A machine asks to be let in, over real TLS, and what it says when it is not. */
public class JoiningTest {

    private static final String FLEET = "0123456789abcdef";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CertificateAuthority authority;
    private HttpsServer seed;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Optional<JsonNode> refusal = Optional.empty();

    @Before
    public void start() throws Exception {
        serve(NOW);
    }

    private void serve(Instant now) throws Exception {
        Path home = folder.getRoot().toPath();
        authority = CertificateAuthority.in(home.resolve("ca-" + now.getEpochSecond()), FLEET, now);
        TlsFiles shown = new TlsFiles(home.resolve("seed.crt"), home.resolve("seed.key"));
        Files.writeString(
                shown.certificate(),
                authority.forSeed(KeyFile.in(shown.key()).getPublic(), FLEET, now, Duration.ofDays(30)));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(PemFiles.keyStore(shown), new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        seed = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        seed.setHttpsConfigurator(new HttpsConfigurator(tls));
        seed.createContext("/v1/enrolments", this::answer);
        seed.start();
    }

    @After
    public void stop() {
        seed.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.incrementAndGet();
            JsonNode body = JsonTree.parse(exchange.getRequestBody().readAllBytes());
            byte[] bytes;
            int status = 201;
            if (refusal.isPresent()) {
                status = refusal.get().path("status").asInt();
                bytes = JsonTree.bytes(refusal.get());
            } else {
                CertificateRequest request =
                        CertificateRequest.read(body.path("request").asText());
                bytes = JsonTree.bytes(JsonTree.object()
                        .put("certificate", authority.forNode(request.key(), request.id(), NOW, Duration.ofDays(1)))
                        .put("time", NOW.toString()));
            }
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (CertificateException e) {
            throw new IOException(e);
        }
    }

    private String address() {
        return "127.0.0.1:" + seed.getAddress().getPort();
    }

    private String token() {
        return "join_01234567_" + "0".repeat(32) + "_" + authority.digest();
    }

    private Joining joining(String address, String token, Duration ahead) throws IOException {
        return new Joining(address, token, InstantSource.fixed(NOW.plus(ahead)));
    }

    private JsonNode ask(Joining joining) throws IOException {
        return joining.ask(
                joining.fleet(), "web-3", KeyFile.in(folder.getRoot().toPath().resolve("node.key")), List.of());
    }

    private static void refused(int status, String words, CliException refusal) {
        assertEquals(refusal.toString(), status, refusal.status());
        assertTrue(refusal.getMessage(), refusal.getMessage().contains(words));
        assertTrue("it says what to do", !refusal.next().isEmpty());
    }

    @Test
    public void itLearnsTheFleetAndGetsACertificate() throws Exception {
        Joining joining = joining(address(), token(), Duration.ZERO);
        assertEquals(FLEET, joining.fleet());
        assertTrue(ask(joining).path("certificate").asText().contains("BEGIN CERTIFICATE"));
        // The Seed may be reached by any name, and move.
        assertEquals(
                FLEET,
                joining("localhost:" + seed.getAddress().getPort(), token(), Duration.ZERO)
                        .fleet());
    }

    @Test
    public void portsAreLookedAtBeforeTheTokenIsSpent() throws Exception {
        seed.stop(0);
        serve(Instant.now());
        Path home = folder.getRoot().toPath();
        String offset = Integer.toString(LocalFleet.freeOffset());
        try (ServerSocket busy = new ServerSocket(8080 + Integer.parseInt(offset))) {
            Cli.Result result = new Cli(home)
                    .run("join", "--seed", address(), "--token", token(), "--name", "web-3", "--port-offset", offset);
            result.ended(1);
            assertTrue(result.err(), result.err().contains("port " + busy.getLocalPort() + " (http of web-3)"));
        }
        assertEquals(0, asked.get());
        assertFalse(Files.exists(home.resolve(".protoplex")));
    }

    @Test
    public void aTokenThatARemoteSeedDoesNotKnowIsSaidToBeThatOfTheEnvironment() throws Exception {
        seed.stop(0);
        serve(Instant.now());
        seed.createContext("/v1/nodes", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(401, -1);
            }
        });
        Cli.Result result = new Cli(folder.getRoot().toPath())
                .with("PROTOPLEX_TOKEN", "protoplex_0_0")
                .run("nodes", "--seed", "https://" + address(), "--ca", "sha256:" + authority.digest());
        result.ended(1);
        assertTrue(result.err(), result.err().contains("does not know this token"));
        assertTrue(result.err(), result.err().contains("it is that of PROTOPLEX_TOKEN"));
        assertFalse(result.err(), result.err().contains("operator.token"));
    }

    @Test
    public void aClockThatIsAnHourOffIsOfNoAccount() throws Exception {
        ask(joining(address(), token(), Duration.ofHours(1)));
        ask(joining(address(), token(), Duration.ofHours(-1)));
    }

    @Test
    public void aClockThatIsFurtherOffIsSaid() throws Exception {
        refused(
                1,
                "the clocks differ too much",
                assertThrows(CliException.class, () -> ask(joining(address(), token(), Duration.ofHours(-3)))));
        refused(
                1,
                "the clocks differ too much",
                assertThrows(CliException.class, () -> ask(joining(address(), token(), Duration.ofHours(25)))));
        CliException year =
                assertThrows(CliException.class, () -> ask(joining(address(), token(), Duration.ofDays(365))));
        refused(1, "is not good now", year);
        assertTrue(year.next(), year.next().contains("clock"));
    }

    @Test
    public void aTokenOfAnotherSeedIsSaidAndNotSent() throws Exception {
        String other = token().replace(authority.digest(), "0".repeat(64));
        refused(
                1,
                "this token is of another Seed than the one at " + address(),
                assertThrows(CliException.class, () -> ask(joining(address(), other, Duration.ZERO))));
    }

    @Test
    public void whatIsNoTokenIsRefusedBeforeAnythingIsAsked() {
        for (String wrong : List.of("", "join_", token().substring(0, 60), token() + "0", "protoplex_0_0")) {
            refused(
                    2,
                    "no token to join with",
                    assertThrows(CliException.class, () -> joining(address(), wrong, Duration.ZERO)));
        }
    }

    @Test
    public void aSeedThatDoesNotAnswerIsUnreachable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        refused(
                3,
                "no Seed answers at",
                assertThrows(
                        CliException.class,
                        () -> joining("127.0.0.1:" + port, token(), Duration.ZERO)
                                .fleet()));
        refused(
                3,
                "nobody knows the host",
                assertThrows(
                        CliException.class,
                        () -> joining("nowhere.invalid:8061", token(), Duration.ZERO)
                                .fleet()));
    }

    @Test
    public void aPortWithoutTlsIsSaid() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answers = Thread.ofPlatform().daemon().start(() -> {
                try (Socket client = plain.accept()) {
                    client.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    client.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            String address = "127.0.0.1:" + plain.getLocalPort();
            refused(
                    1,
                    "does not speak TLS as a Seed does",
                    assertThrows(
                            CliException.class,
                            () -> joining(address, token(), Duration.ZERO).fleet()));
            answers.join();
        }
    }

    @Test
    public void whatTheSeedSaysIsSaid() throws Exception {
        refusal = Optional.of(FakeSeed.problem(403, "the join token 01234567 is used up", "ask for another"));
        CliException refused = assertThrows(CliException.class, () -> ask(joining(address(), token(), Duration.ZERO)));
        refused(1, "web-3 is not let in: the join token 01234567 is used up", refused);
        assertEquals("ask for another", refused.next());
    }
}
