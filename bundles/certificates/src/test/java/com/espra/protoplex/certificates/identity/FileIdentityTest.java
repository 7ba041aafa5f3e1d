package com.espra.protoplex.certificates.identity;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.CertificateAuthority;
import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.KeyDigest;
import com.espra.protoplex.certificates.KeyFile;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A node that has a certificate, or gets one, and what it takes for good. */
public class FileIdentityTest {

    private static final String FLEET = "0123456789abcdef";
    private static final Duration DAY = Duration.ofDays(1);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root;
    private CertificateAuthority authority;
    private IdentityFiles files;
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private long nanos;
    private FileIdentity identity;

    @Before
    public void make() throws Exception {
        root = folder.getRoot().toPath();
        authority = CertificateAuthority.in(root.resolve("ca"), FLEET, now);
        PrivateFiles.createFolder(root.resolve("identity"));
        files = IdentityFiles.in(root.resolve("identity"));
        identity = new FileIdentity(files, "there is none", () -> now, () -> nanos);
    }

    /** A second later: who asks then looks at the files again. */
    private void later() {
        nanos += TimeUnit.SECONDS.toNanos(1);
    }

    private void give(IdentityFiles to, String name) throws IOException {
        KeyPair key = KeyFile.in(to.own().key());
        Files.writeString(to.authority(), authority.pem());
        Files.writeString(
                to.own().certificate(), authority.forNode(key.getPublic(), new SpiffeId(FLEET, name), now, DAY));
    }

    private X509Certificate[] other(CertificateAuthority by, String fleet, String name) throws IOException {
        KeyPair key = KeyFile.in(root.resolve(name + ".key"));
        return CertificateChain.read(by.forNode(key.getPublic(), new SpiffeId(fleet, name), now, DAY));
    }

    private NodeIdentity mine() {
        return identity.now().orElseThrow();
    }

    @Test
    public void aNodeThatGetsACertificateHasItASecondLater() throws Exception {
        assertTrue(identity.now().isEmpty());
        assertEquals("there is none", identity.trouble());
        give(files, "web-1");
        assertTrue("not looked at yet", identity.now().isEmpty());
        later();
        assertEquals(new SpiffeId(FLEET, "web-1"), mine().self());
        assertEquals("", identity.trouble());
    }

    @Test
    public void itIsTheSameUntilTheCertificateIsRenewed() throws Exception {
        give(files, "web-1");
        NodeIdentity before = mine();
        later();
        assertSame(before, mine());
        now = now.plus(Duration.ofHours(16));
        give(files, "web-1");
        later();
        assertNotSame("who keeps connections begins new ones", before, mine());
    }

    @Test
    public void aFileThatIsBeingReplacedChangesNothing() throws Exception {
        give(files, "web-1");
        NodeIdentity before = mine();
        Files.writeString(files.own().certificate(), "-----BEGIN CERTIFICATE-----\nhalf");
        later();
        assertSame(before, mine());
        assertEquals("", identity.trouble());
    }

    @Test
    public void oneThatCannotBeReadFromTheStartIsSaid() throws Exception {
        give(files, "web-1");
        Files.writeString(files.own().certificate(), "nothing");
        assertTrue(identity.now().isEmpty());
        assertTrue(identity.trouble(), identity.trouble().contains("node.crt"));
    }

    @Test
    public void aNodeOfTheFleetIsKnownAndOthersAreNot() throws Exception {
        give(files, "web-1");
        X509Certificate[] two = other(authority, FLEET, "web-2");
        assertEquals("web-2", mine().client(two).node());
        assertEquals(
                "once more, by what was found before",
                "web-2",
                mine().client(two).node());

        CertificateAuthority strange = CertificateAuthority.in(root.resolve("strange"), "fedcba9876543210", now);
        X509Certificate[] stranger = other(strange, "fedcba9876543210", "web-3");
        assertThrows(CertificateException.class, () -> mine().client(stranger));
        assertThrows(CertificateException.class, () -> mine().client(new X509Certificate[0]));
        X509Certificate[] posing = {stranger[0], two[1]};
        assertThrows(
                "with the authority's certificate beside it", CertificateException.class, () -> mine().client(posing));
        X509Certificate[] misled = other(authority, "fedcba9876543210", "web-4");
        assertThrows("a name in another fleet", CertificateException.class, () -> mine().client(misled));

        now = now.plus(DAY).plusSeconds(1);
        CertificateException over = assertThrows(CertificateException.class, () -> mine().client(two));
        assertTrue(over.getMessage(), over.getMessage().contains("it is good from"));
    }

    @Test
    public void aKeyThatIsRevokedIsOutASecondLaterAndComesNotBack() throws Exception {
        give(files, "web-1");
        X509Certificate[] two = other(authority, FLEET, "web-2");
        assertEquals("web-2", mine().client(two).node());
        RevokedKeys.Revoked key = new RevokedKeys.Revoked(
                KeyDigest.of(two[0].getPublicKey()),
                now.toEpochMilli(),
                now.plus(DAY).toEpochMilli());
        RevokedKeys.NONE.with(List.of(key)).write(files.revoked());
        later();
        CertificateException out = assertThrows(CertificateException.class, () -> mine().client(two));
        assertTrue(out.getMessage(), out.getMessage().contains("web-2 was revoked"));

        RevokedKeys kept = RevokedKeys.read(files.revoked());
        assertTrue(
                "a Seed that knows of none changes nothing",
                kept.with(List.of()).contains(key.key()));
    }

    @Test
    public void aDamagedLineCostsNoOther() throws Exception {
        String good = KeyDigest.of(other(authority, FLEET, "web-2")[0].getPublicKey());
        Files.writeString(files.revoked(), "what\n" + good + " 5 6\n" + good.replace(good.charAt(0), 'x') + " 1 2\n\n");
        assertEquals(
                List.of(good),
                List.copyOf(RevokedKeys.read(files.revoked()).keys().keySet()));
        assertEquals(5, RevokedKeys.read(files.revoked()).newest());
    }

    @Test
    public void howManyAreKeptIsBounded() throws Exception {
        List<RevokedKeys.Revoked> many = new ArrayList<>();
        for (int i = 0; i < RevokedKeys.MOST + 100; i++) {
            many.add(new RevokedKeys.Revoked("%064x".formatted(i), i, 1_000_000L + i));
        }
        many.add(new RevokedKeys.Revoked("no digest", 1, Long.MAX_VALUE));
        RevokedKeys kept = RevokedKeys.NONE.with(many);
        assertEquals(RevokedKeys.MOST, kept.keys().size());
        assertFalse("the one that would be forgotten first", kept.contains("%064x".formatted(0)));
        assertTrue(kept.contains("%064x".formatted(RevokedKeys.MOST + 99)));
        kept.write(files.revoked());
        assertEquals(kept, RevokedKeys.read(files.revoked()));
    }
}
