package com.espra.protoplex.certificates;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.espra.protoplex.files.PrivateFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.locks.LockSupport;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate that the node makes for itself, so that TLS can be tried before one was bought. No client trusts it. */
public final class SelfSignedCertificate {

    private static final Duration VALID = Duration.ofDays(397);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final Duration LOCK = Duration.ofSeconds(20);
    private static final long LOCK_PAUSE_NANOS = 5_000_000;

    private SelfSignedCertificate() {}

    /**
     * The files in this folder; made anew when they are missing or about to expire. All processes of a node ask for them, perhaps at
     * once, and must show the same certificate: one makes it, the others wait.
     */
    public static TlsFiles in(Path folder) throws IOException {
        TlsFiles tls = new TlsFiles(folder.resolve("self-made.crt"), folder.resolve("self-made.key"));
        Files.createDirectories(folder);
        try (FileChannel file = FileChannel.open(folder.resolve("self-made.lock"), CREATE, WRITE)) {
            // Until the file is closed.
            awaitLock(file, folder);
            if (!usable(tls)) {
                make(tls);
            }
        }
        return tls;
    }

    /** Asks again and again, because of two owners in one process the second is refused rather than made to wait. */
    private static void awaitLock(FileChannel file, Path folder) throws IOException {
        long deadline = System.nanoTime() + LOCK.toNanos();
        while (!isLocked(file)) {
            if (System.nanoTime() > deadline || Thread.interrupted()) {
                throw new IOException("another process has been making a certificate in " + folder + " for "
                        + LOCK.toSeconds() + " s: end it, or give certificate and key of the listener");
            }
            LockSupport.parkNanos(LOCK_PAUSE_NANOS);
        }
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static boolean usable(TlsFiles tls) throws IOException {
        if (!Files.exists(tls.certificate()) || !Files.exists(tls.key())) {
            return false;
        }
        X509Certificate certificate = (X509Certificate) PemFiles.chain(tls.certificate())[0];
        return certificate.getNotAfter().toInstant().isAfter(Instant.now().plus(RENEW_BEFORE));
    }

    private static void make(TlsFiles tls) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            // The key first: a certificate without its key would be taken for a whole pair after a cut.
            write(tls.key(), Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()));
            write(tls.certificate(), Pem.write("CERTIFICATE", certificate(pair)));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("This Java cannot make a certificate: give certificate and key of the listener", e);
        }
    }

    private static byte[] certificate(KeyPair pair) throws IOException, OperatorCreationException {
        Instant now = Instant.now();
        X500Name name = new X500Name("CN=localhost");
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(127, new SecureRandom()),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(VALID)),
                name,
                pair.getPublic());
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"),
            new GeneralName(GeneralName.dNSName, InetAddress.getLocalHost().getHostName()),
            new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
            new GeneralName(GeneralName.iPAddress, "::1")
        }));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded();
    }

    private static void write(Path file, String text) throws IOException {
        PrivateFiles.replace(file, text.getBytes(StandardCharsets.US_ASCII));
    }
}
