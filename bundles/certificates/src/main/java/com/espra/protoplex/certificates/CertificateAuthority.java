package com.espra.protoplex.certificates;

import com.espra.protoplex.files.PrivateFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What vouches for the Seed and the nodes of one fleet: a key and its certificate, in two files. Whoever has the digest of the key knows
 * all of the fleet by it.
 *
 * <p>Threads: safe from any.
 */
public final class CertificateAuthority {

    /** How long it is good. */
    public static final Duration LIFE = Duration.ofDays(3650);

    /** How far back the Seed's and its own certificate reach: clocks differ. */
    public static final Duration BACK = Duration.ofDays(1);

    /** How far back a node's does. */
    public static final Duration NODE_BACK = Duration.ofHours(2);

    private static final String KEY = "ca.key";
    private static final String CERTIFICATE = "ca.crt";
    private static final int SERIAL_BITS = 127;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** Whether one is in the folder. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(CERTIFICATE)) || Files.exists(folder.resolve(KEY));
    }

    /**
     * The one in a folder; made when it is missing (the folder 0700, the key 0600). A key without its certificate gets another one: what
     * the fleet is known by is the key.
     *
     * @param fleet the id of the fleet
     * @throws IOException if it cannot be read or made, others may read its key, or it is of another fleet; the message says what to do
     */
    public static CertificateAuthority in(Path folder, String fleet, Instant now) throws IOException {
        PrivateFiles.createFolder(folder);
        TlsFiles files = new TlsFiles(folder.resolve(CERTIFICATE), folder.resolve(KEY));
        if (!Files.exists(files.certificate())) {
            if (!Files.exists(files.key())) {
                makeKey(files.key());
            }
            PrivateFiles.requirePrivate(files.key());
            makeCertificate(files, fleet, now);
        }
        if (!Files.exists(files.key())) {
            throw new IOException("the key " + files.key() + " of the fleet's certificates is missing: put it back, or "
                    + "delete " + folder + " and let each node join again");
        }
        PrivateFiles.requirePrivate(files.key());
        X509Certificate certificate = (X509Certificate) PemFiles.chain(files.certificate())[0];
        PemFiles.requireMatch(files);
        if (!name(fleet)
                .equals(new X500Name(certificate.getSubjectX500Principal().getName()))) {
            throw new IOException(files.certificate() + " vouches for "
                    + certificate.getSubjectX500Principal().getName() + ", and this is fleet " + fleet
                    + ": put back the one that belongs to it");
        }
        return new CertificateAuthority(certificate, PemFiles.key(files.key()));
    }

    private static void makeKey(Path file) throws IOException {
        PrivateFiles.replace(
                file,
                Pem.write("PRIVATE KEY", KeyPairs.make().getPrivate().getEncoded())
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static void makeCertificate(TlsFiles files, String fleet, Instant now) throws IOException {
        PrivateKey key = PemFiles.key(files.key());
        X500Name name = name(fleet);
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                serial(),
                Date.from(now.minus(BACK)),
                Date.from(now.plus(LIFE)),
                name,
                KeyPairs.publicOf(key, files.key()));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        PrivateFiles.replace(
                files.certificate(), pem(List.of(sign(builder, key))).getBytes(StandardCharsets.US_ASCII));
    }

    private static X500Name name(String fleet) {
        return new X500Name("CN=Protoplex fleet " + fleet);
    }

    /** What it is known by: see {@link KeyDigest}. */
    public String digest() {
        return KeyDigest.of(certificate.getPublicKey());
    }

    /** Its own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Its own certificate, as PEM. */
    public String pem() throws IOException {
        return pem(List.of(certificate));
    }

    /**
     * A certificate for a node, which shows it as a client and as a server.
     *
     * @return PEM: the certificate, and that of the authority
     */
    public String forNode(PublicKey node, SpiffeId id, Instant now, Duration life) throws IOException {
        return issue(
                node,
                id,
                now.minus(NODE_BACK),
                now.plus(life),
                KeyPurposeId.id_kp_clientAuth,
                KeyPurposeId.id_kp_serverAuth);
    }

    /** A certificate for the Seed. */
    public String forSeed(PublicKey seed, String fleet, Instant now, Duration life) throws IOException {
        return issue(seed, SpiffeId.seed(fleet), now.minus(BACK), now.plus(life), KeyPurposeId.id_kp_serverAuth);
    }

    private String issue(PublicKey subject, SpiffeId id, Instant from, Instant until, KeyPurposeId... purposes)
            throws IOException {
        Instant end = certificate.getNotAfter().toInstant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                certificate,
                serial(),
                Date.from(from),
                Date.from(until.isBefore(end) ? until : end),
                // X509-SVID, section 3.1: who it is for is in the SAN.
                new X500Principal("CN=" + (id.isSeed() ? "seed" : id.node())),
                subject);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, id.uri())));
        return pem(List.of(sign(builder, key), certificate));
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) throws IOException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(KeyPairs.SIGNATURE).build(key)));
        } catch (OperatorCreationException | CertificateException e) {
            throw new IOException("this Java cannot sign a certificate", e);
        }
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, RANDOM);
    }

    private static String pem(List<X509Certificate> certificates) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate each : certificates) {
                text.append(Pem.write("CERTIFICATE", each.getEncoded()));
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        return text.toString();
    }
}
