package com.espra.protoplex.seed.enrol;

import com.espra.protoplex.certificates.CertificateAuthority;
import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.FleetTrust;
import com.espra.protoplex.certificates.KeyFile;
import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.files.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authority of this fleet, and the Seed's own certificate, which the listener takes from its file: {@code ca.key}, {@code ca.crt},
 * {@code seed.key} and {@code seed.crt} in a folder beside the key of the fleet.
 */
public final class FleetAuthority {

    private static final Logger LOG = LoggerFactory.getLogger(FleetAuthority.class);

    /** How long the Seed's certificate is good. It is renewed at two thirds of it. */
    static final Duration SEED_LIFE = Duration.ofDays(30);

    private final String fleet;
    private final TlsFiles own;
    private final CertificateAuthority authority;
    private volatile Instant renewAt = Instant.MIN;

    /**
     * Opens it; what is missing is made.
     *
     * @param fleet the id of the fleet
     * @throws IOException if that cannot be; the message says what to do
     */
    public FleetAuthority(Path folder, String fleet, Instant now) throws IOException {
        this.fleet = fleet;
        this.own = new TlsFiles(folder.resolve("seed.crt"), folder.resolve("seed.key"));
        this.authority = CertificateAuthority.in(folder, fleet, now);
        renewSeed(now);
    }

    /** The id of the fleet. */
    public String fleet() {
        return fleet;
    }

    /** What vouches for all of it. */
    public CertificateAuthority authority() {
        return authority;
    }

    /** Who is of the fleet. */
    public FleetTrust trust() {
        return new FleetTrust(authority.digest());
    }

    /** Makes the Seed's certificate anew, if it is time. */
    public void renewSeed(Instant now) throws IOException {
        if (now.isBefore(renewAt)) {
            return;
        }
        Instant end = end(now);
        if (end.minus(SEED_LIFE.dividedBy(3)).isBefore(now)) {
            KeyPair key = KeyFile.in(own.key());
            PrivateFiles.replace(
                    own.certificate(),
                    authority.forSeed(key.getPublic(), fleet, now, SEED_LIFE).getBytes(StandardCharsets.US_ASCII));
            end = now.plus(SEED_LIFE);
            LOG.info("the Seed has a new certificate, until {}", end);
        }
        renewAt = end.minus(SEED_LIFE.dividedBy(3));
    }

    /** The end of the certificate that is there, if it can be used; else it is now. */
    private Instant end(Instant now) {
        if (!Files.exists(own.certificate())) {
            return now;
        }
        try {
            PemFiles.requireMatch(own);
            X509Certificate[] chain =
                    CertificateChain.read(Files.readString(own.certificate(), StandardCharsets.US_ASCII));
            trust().seed(chain, now);
            return chain[0].getNotAfter().toInstant();
        } catch (IOException | CertificateException e) {
            LOG.info("the certificate of the Seed is made anew: {}", e.getMessage());
            return now;
        }
    }
}
