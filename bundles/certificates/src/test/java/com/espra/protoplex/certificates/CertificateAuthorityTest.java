package com.espra.protoplex.certificates;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** An authority, what it vouches for, and who believes it. */
public class CertificateAuthorityTest {

    private static final String FLEET = "0123456789abcdef";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path ca;
    private CertificateAuthority authority;
    private final KeyPair key = KeyPairs.make();

    @Before
    public void make() throws Exception {
        ca = folder.getRoot().toPath().resolve("ca");
        authority = CertificateAuthority.in(ca, FLEET, NOW);
    }

    private FleetTrust trust() {
        return new FleetTrust(authority.digest());
    }

    private X509Certificate[] node(String name) throws Exception {
        return CertificateChain.read(authority.forNode(key.getPublic(), new SpiffeId(FLEET, name), NOW, DAY));
    }

    @Test
    public void itIsForItsOwnerAloneAndTheSameAtTheNextStart() throws Exception {
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ca)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ca.resolve("ca.key"))));
        assertEquals(
                authority.digest(),
                CertificateAuthority.in(ca, FLEET, NOW.plus(DAY)).digest());
        assertTrue(CertificateAuthority.isIn(ca));
    }

    @Test
    public void aLostCertificateIsMadeAnewForTheKeyAndALostKeyIsNot() throws Exception {
        X509Certificate[] before = node("web-3");
        Files.delete(ca.resolve("ca.crt"));
        assertTrue("the key is the authority", CertificateAuthority.isIn(ca));
        CertificateAuthority anew = CertificateAuthority.in(ca, FLEET, NOW);
        assertEquals("nodes know it by this", authority.digest(), anew.digest());
        X509Certificate[] seed = CertificateChain.read(anew.forSeed(key.getPublic(), FLEET, NOW, DAY));
        assertTrue(
                "a node that joined before trusts it", trust().seed(seed, NOW).isSeed());
        assertEquals("web-3", new FleetTrust(anew.digest()).node(before, NOW).node());
        Files.delete(ca.resolve("ca.key"));
        IOException missing = assertThrows(IOException.class, () -> CertificateAuthority.in(ca, FLEET, NOW));
        assertTrue(missing.getMessage(), missing.getMessage().contains("ca.key"));
    }

    @Test
    public void oneOfAnotherFleetIsNotTaken() {
        IOException other = assertThrows(IOException.class, () -> CertificateAuthority.in(ca, "fedcba9876543210", NOW));
        assertTrue(other.getMessage(), other.getMessage().contains("fedcba9876543210"));
    }

    @Test
    public void aKeyThatOthersMayReadIsRefused() throws Exception {
        Files.setPosixFilePermissions(ca.resolve("ca.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThrows(IOException.class, () -> CertificateAuthority.in(ca, FLEET, NOW));
    }

    @Test
    public void aNodeIsANodeAndTheSeedIsTheSeed() throws Exception {
        assertEquals("web-3", trust().node(node("web-3"), NOW).node());
        X509Certificate[] seed = CertificateChain.read(authority.forSeed(key.getPublic(), FLEET, NOW, DAY));
        assertTrue(trust().seed(seed, NOW).isSeed());
        assertThrows("a node is not the Seed", CertificateException.class, () -> trust().seed(node("web-3"), NOW));
        assertThrows("the Seed is no node", CertificateException.class, () -> trust().node(seed, NOW));
    }

    @Test
    public void clocksMayDifferByAnHourAndNotByMore() throws Exception {
        X509Certificate[] chain = node("web-3");
        Duration hour = Duration.ofHours(1);
        assertEquals("web-3", trust().node(chain, NOW.minus(hour)).node());
        assertEquals("web-3", trust().node(chain, NOW.plus(DAY).minus(hour)).node());
        var early = assertThrows(
                FleetTrust.OutOfTimeException.class, () -> trust().node(chain, NOW.minus(Duration.ofHours(3))));
        assertFalse(early.isOver());
        var late = assertThrows(
                FleetTrust.OutOfTimeException.class,
                () -> trust().node(chain, NOW.plus(DAY).plusSeconds(1)));
        assertTrue(late.isOver());
        assertTrue(late.getMessage(), late.getMessage().contains("2026-03-02T12:00:01Z"));
    }

    @Test
    public void anotherAuthorityIsNotBelievedWhateverItSigns() throws Exception {
        CertificateAuthority other =
                CertificateAuthority.in(folder.getRoot().toPath().resolve("other"), FLEET, NOW);
        X509Certificate[] chain =
                CertificateChain.read(other.forNode(key.getPublic(), new SpiffeId(FLEET, "web-3"), NOW, DAY));
        assertThrows(FleetTrust.OtherFleetException.class, () -> trust().node(chain, NOW));
        // Its own certificate beside the one that is believed.
        X509Certificate[] mixed = {chain[0], authority.certificate()};
        assertThrows(CertificateException.class, () -> trust().node(mixed, NOW));
        X509Certificate[] node = node("web-3");
        X509Certificate[] byNode = {chain[0], node[0], node[1]};
        assertThrows("a node vouches for nobody", CertificateException.class, () -> trust().node(byNode, NOW));
        X509Certificate[] alone = {node[0]};
        assertThrows(CertificateException.class, () -> trust().node(alone, NOW));
        assertThrows(CertificateException.class, () -> trust().node(new X509Certificate[0], NOW));
    }

    @Test
    public void aRequestSaysWhoAndProvesTheKey() throws Exception {
        String pem = CertificateRequest.write(key.getPublic(), key.getPrivate(), new SpiffeId(FLEET, "web-3"));
        CertificateRequest request = CertificateRequest.read(pem);
        assertEquals(new SpiffeId(FLEET, "web-3"), request.id());
        assertEquals(KeyDigest.of(key.getPublic()), KeyDigest.of(request.key()));
    }

    @Test
    public void aRequestWithoutTheKeyIsRefused() throws Exception {
        KeyPair thief = KeyPairs.make();
        String pem = CertificateRequest.write(key.getPublic(), thief.getPrivate(), new SpiffeId(FLEET, "web-3"));
        CertificateException refused = assertThrows(CertificateException.class, () -> CertificateRequest.read(pem));
        assertEquals("it is not signed with the key that it is for", refused.getMessage());
        for (String broken : new String[] {"", "x", pem.substring(0, 200), pem.replace("REQUEST", "")}) {
            assertThrows(CertificateException.class, () -> CertificateRequest.read(broken));
        }
    }

    @Test
    public void aRequestForAKeyOfAnotherKindIsRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(384);
        KeyPair other = generator.generateKeyPair();
        String pem = CertificateRequest.write(other.getPublic(), other.getPrivate(), new SpiffeId(FLEET, "web-3"));
        assertThrows(CertificateException.class, () -> CertificateRequest.read(pem));
    }

    @Test
    public void anIdIsOfANodeOrTheSeed() throws Exception {
        assertEquals("spiffe://f1/node/web-3", new SpiffeId("f1", "web-3").uri());
        assertEquals(new SpiffeId("f1", "web-3"), SpiffeId.of("spiffe://f1/node/web-3"));
        assertEquals(SpiffeId.seed("f1"), SpiffeId.of("spiffe://f1/seed"));
        for (String wrong : new String[] {
            "spiffe://f1/node/",
            "spiffe://f1/node/a/b",
            "spiffe://f1/node/a..b",
            "spiffe://f1/node/%61",
            "http://f1/node/a",
            "spiffe://f1/role/a",
            "spiffe:///node/a",
            "spiffe://f1:1/seed",
            "spiffe://f1/seed?x",
            "",
            "a b"
        }) {
            assertThrows(wrong, CertificateException.class, () -> SpiffeId.of(wrong));
        }
    }

    @Test
    public void aKeyIsMadeOnceAndReadAgain() throws Exception {
        Path file = folder.getRoot().toPath().resolve("node.key");
        KeyPair made = KeyFile.in(file);
        KeyPair read = KeyFile.in(file);
        assertEquals(made.getPublic(), read.getPublic());
        assertEquals(made.getPrivate(), PemFiles.key(file));
        Files.writeString(file, "nonsense");
        assertThrows(IOException.class, () -> KeyFile.in(file));
    }
}
