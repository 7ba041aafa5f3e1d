package com.espra.protoplex.calls;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.certificates.CertificateAuthority;
import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.FleetTrust;
import com.espra.protoplex.certificates.KeyDigest;
import com.espra.protoplex.certificates.KeyFile;
import com.espra.protoplex.certificates.SeedTls;
import com.espra.protoplex.certificates.ServerTrust;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.certificates.identity.IdentityFiles;
import com.espra.protoplex.certificates.identity.RevokedKeys;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Nodes that have joined call each other by their certificates, and nobody else calls them. */
public class CertifiedCallsTest {

    private static final String FLEET = "0123456789abcdef";
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What is revoked is to be out in no more. */
    private static final Duration OUT = Duration.ofSeconds(4);

    private static final FleetRequest WRITE = FleetRequest.post("/", new byte[] {1});

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestFleet fleet = new TestFleet();
    private final AtomicInteger answered = new AtomicInteger();
    private CertificateAuthority authority;
    private TestNode one;
    private TestNode two;

    @Before
    public void start() throws Exception {
        authority = CertificateAuthority.in(folder.getRoot().toPath().resolve("ca"), FLEET, Instant.now());
        one = fleet.joined("one", folder.newFolder("one").toPath(), identity("one"));
        two = fleet.joined("two", folder.newFolder("two").toPath(), identity("two"));
        two.has("greeter", request -> FleetResponse.text("two " + answered.incrementAndGet()));
    }

    @After
    public void stop() {
        fleet.close();
    }

    private IdentityFiles identity(String name) throws IOException {
        return identity(authority, FLEET, name);
    }

    private IdentityFiles identity(CertificateAuthority by, String of, String name) throws IOException {
        Path at = folder.getRoot().toPath().resolve(of + "-" + name);
        PrivateFiles.createFolder(at);
        IdentityFiles files = IdentityFiles.in(at);
        Files.writeString(files.authority(), by.pem());
        renew(by, of, name, files);
        return files;
    }

    private static void renew(CertificateAuthority by, String of, String name, IdentityFiles files) throws IOException {
        PublicKey key = KeyFile.in(files.own().key()).getPublic();
        String pem = by.forNode(key, new SpiffeId(of, name), Instant.now(), DAY);
        Disk.replace(files.own().certificate(), pem.getBytes(StandardCharsets.US_ASCII));
    }

    private void revoke(String name, String... told) throws IOException {
        IdentityFiles gone = files(name);
        X509Certificate own = CertificateChain.read(Files.readString(gone.own().certificate()))[0];
        long now = System.currentTimeMillis();
        RevokedKeys keys = RevokedKeys.NONE.with(
                List.of(new RevokedKeys.Revoked(KeyDigest.of(own.getPublicKey()), now, now + DAY.toMillis())));
        for (String node : told) {
            keys.write(files(node).revoked());
        }
    }

    private IdentityFiles files(String name) {
        return IdentityFiles.in(folder.getRoot().toPath().resolve(FLEET + "-" + name));
    }

    private String call(TestNode from) throws Exception {
        return from.calls.call("greeter", WRITE).text();
    }

    private CallFailedException fails(TestNode from) {
        return assertThrows(CallFailedException.class, () -> call(from));
    }

    @Test
    public void aNodeThatHasJoinedCallsAnother() throws Exception {
        assertEquals("two 1", call(one));
        assertEquals("two 2", call(one));
        assertEquals("HTTP/2 by ALPN", List.of("HTTP/2.0"), two.protocolsOf("POST"));
    }

    @Test
    public void oneThatIsRevokedNeitherCallsNorIsCalledThoughItsConnectionsStand() throws Exception {
        assertEquals("two 1", call(one));
        one.has("stock", request -> FleetResponse.text("one"));
        assertEquals("one", two.calls.call("stock", WRITE).text());

        revoke("one", "two");
        Await.until("two has heard", OUT, () -> {
            try {
                call(one);
                return false;
            } catch (CallFailedException e) {
                assertEquals(e.getMessage(), Reason.UNREACHABLE, e.reason());
                return e.getMessage().contains("revoked");
            }
        });
        CallFailedException server = assertThrows(CallFailedException.class, () -> two.calls.call("stock", WRITE));
        assertEquals(Reason.UNREACHABLE, server.reason());
        assertTrue(server.getMessage(), server.getMessage().contains("one was revoked"));
    }

    @Test
    public void aCertificateThatIsRenewedIsShownByNewConnectionsAndNoCallIsLost() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        two.has("slow", request -> {
            entered.countDown();
            assertTrue(go.await(10, TimeUnit.SECONDS));
            return FleetResponse.text("done");
        });
        FutureTask<String> slow =
                new FutureTask<>(() -> one.calls.call("slow", WRITE).text());
        Thread.ofVirtual().start(slow);
        assertTrue(entered.await(10, TimeUnit.SECONDS));
        String before = seen().getSerialNumber().toString();
        renew(authority, FLEET, "one", files("one"));
        Await.until("the new one is shown", PATIENCE, () -> {
            call(one);
            return !seen().getSerialNumber().toString().equals(before);
        });
        go.countDown();
        assertEquals("what was under way ends where it began", "done", slow.get(10, TimeUnit.SECONDS));
    }

    /** What node two was shown last. */
    private X509Certificate seen() {
        return two.shown();
    }

    @Test
    public void whoHasNoCertificateOfTheFleetIsToldSo() throws Exception {
        assertEquals("401 this needs the certificate of a node of this fleet, over TLS", ask(Optional.empty(), ""));
        assertTrue(
                "the token of the Seed's machine is for that machine",
                ask(Optional.empty(), "Bearer " + TestNode.TOKEN).startsWith("401 "));
        CertificateAuthority strange = CertificateAuthority.in(
                folder.getRoot().toPath().resolve("strange"), "fedcba9876543210", Instant.now());
        String foreign = ask(Optional.of(identity(strange, "fedcba9876543210", "one")), "");
        assertTrue(foreign, foreign.startsWith("401 ") && foreign.contains("of another fleet"));
        assertEquals(0, answered.get());
    }

    private String ask(Optional<IdentityFiles> shown, String authorization) throws Exception {
        SSLContext tls = SeedTls.context(shown.map(IdentityFiles::own), new ServerTrust() {
            @Override
            protected void check(X509Certificate[] chain, String host, int port) {
                assertEquals("127.0.0.1", host);
            }
        });
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(two.address() + "/v1/fleet/greeter/"));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body().strip();
        }
    }

    /** As when a node has another name now, and the connection to what it was before still stands. */
    @Test
    public void aConnectionThatStandsIsUsedForTheNodeThatIsThereAlone() throws Exception {
        assertEquals("two 1", call(one));
        fleet.add("three", Map.of("fleet", two.address()), "greeter");

        CallFailedException wrong =
                assertThrows(CallFailedException.class, () -> one.calls.call("greeter", "three", WRITE));

        assertEquals(wrong.getMessage(), Reason.UNREACHABLE, wrong.reason());
        assertTrue(wrong.getMessage(), wrong.getMessage().contains("is that of two, and three should be at"));
        assertEquals(1, answered.get());
        assertEquals("two 2", one.calls.call("greeter", "two", WRITE).text());
    }

    @Test
    public void aNodeWhoseAddressIsNoneIsNotReached() throws Exception {
        fleet.add("three", Map.of("fleet", "https://a_b:8051"), "mail");
        fleet.add("four", Map.of("fleet", "https://a b:8051"), "clock");
        for (String role : List.of("mail", "clock")) {
            CallFailedException wrong = assertThrows(CallFailedException.class, () -> one.calls.call(role, WRITE));
            assertEquals(wrong.getMessage(), Reason.UNREACHABLE, wrong.reason());
            assertTrue(wrong.getMessage(), wrong.getMessage().contains("no address that can be called: 'https://a"));
        }
    }

    /** As when an address has gone over to another machine. */
    @Test
    public void anotherNodeThanIsMeantGetsNothing() throws Exception {
        fleet.add("three", Map.of("fleet", two.address()), "mail");
        CallFailedException wrong = assertThrows(CallFailedException.class, () -> one.calls.call("mail", WRITE));
        assertEquals(Reason.UNREACHABLE, wrong.reason());
        assertTrue(wrong.getMessage(), wrong.getMessage().contains("it is that of two, and three should be at"));
    }

    @Test
    public void aNodeOfAnotherFleetIsNotTrustedWithACall() throws Exception {
        CertificateAuthority strange = CertificateAuthority.in(
                folder.getRoot().toPath().resolve("strange"), "fedcba9876543210", Instant.now());
        TestNode posing = fleet.joined(
                "posing", folder.newFolder("posing").toPath(), identity(strange, "fedcba9876543210", "posing"));
        posing.has("mail", request -> FleetResponse.text("mine"));
        CallFailedException refused = assertThrows(CallFailedException.class, () -> one.calls.call("mail", WRITE));
        assertEquals(Reason.UNREACHABLE, refused.reason());
        assertTrue(refused.getMessage(), refused.getMessage().contains("another fleet"));
    }

    @Test
    public void theTokenOfTheSeedsMachineDoesNotLeaveIt() throws Exception {
        TestNode beside = fleet.start("beside", folder.newFolder("beside").toPath());
        CallFailedException joined = fails(beside);
        assertEquals(Reason.NOBODY, joined.reason());
        assertTrue(joined.getMessage(), joined.getMessage().contains("two is not on this machine"));

        fleet.add("far", Map.of("meta", "http://far.example.net:8050"), "log");
        CallFailedException far = assertThrows(CallFailedException.class, () -> beside.calls.call("log", WRITE));
        assertEquals(Reason.NOBODY, far.reason());
        beside.has("clock", request -> FleetResponse.text("beside"));
        CallFailedException back = assertThrows(CallFailedException.class, () -> one.calls.call("clock", WRITE));
        assertTrue(back.getMessage(), back.getMessage().contains("has no listener 'fleet'"));
    }

    @Test
    public void thePurposeOfACertificateCounts() throws Exception {
        // The Seed is no node, though the authority vouches for it.
        PublicKey key = KeyFile.in(files("one").own().key()).getPublic();
        X509Certificate[] seed = CertificateChain.read(authority.forSeed(key, FLEET, Instant.now(), DAY));
        FleetTrust trust = new FleetTrust(authority.digest());
        assertThrows(Exception.class, () -> trust.serving(seed, Instant.now()));
        assertThrows(Exception.class, () -> trust.node(seed, Instant.now()));
    }
}
