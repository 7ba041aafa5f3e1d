package com.espra.protoplex.certificates;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Looks whether a certificate is one of a fleet's, by nothing but the digest of the key of its authority.
 *
 * <p>Names of hosts and addresses do not count: a Seed may move. What counts is that the authority says that it is the Seed.
 *
 * @param authority see {@link KeyDigest}
 */
public record FleetTrust(String authority) {

    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";

    /** @throws IllegalArgumentException if that is no digest */
    public FleetTrust {
        if (!KeyDigest.isWellFormed(authority)) {
            throw new IllegalArgumentException("'" + authority + "' is not a sha256");
        }
    }

    /** The fleet does not have it: its authority is another one. */
    public static final class OtherFleetException extends CertificateException {

        private static final long serialVersionUID = 1L;

        OtherFleetException(String message) {
            super(message);
        }
    }

    /** It is the fleet's, and not good at this time: it has expired, or a clock is wrong. */
    public static final class OutOfTimeException extends CertificateException {

        private static final long serialVersionUID = 1L;

        private final boolean over;

        OutOfTimeException(X509Certificate certificate, Instant now) {
            super("it is good from " + certificate.getNotBefore().toInstant() + " until "
                    + certificate.getNotAfter().toInstant() + ", and it is " + now + " by the clock here");
            over = now.isAfter(certificate.getNotAfter().toInstant());
        }

        /** Whether its end has passed. */
        public boolean isOver() {
            return over;
        }
    }

    /**
     * Looks at what a server has shown.
     *
     * @return the Seed
     * @throws CertificateException if it is not the Seed of the fleet, or not now; the message says how
     */
    public SpiffeId seed(X509Certificate[] chain, Instant now) throws CertificateException {
        SpiffeId id = of(chain, now, SERVER);
        if (!id.isSeed()) {
            throw new CertificateException("it is that of " + id.node() + ", and not of the Seed");
        }
        return id;
    }

    /**
     * Looks at what a client has shown.
     *
     * @return the node
     * @throws CertificateException if it is not a node of the fleet, or not now; the message says how
     */
    public SpiffeId node(X509Certificate[] chain, Instant now) throws CertificateException {
        SpiffeId id = of(chain, now, CLIENT);
        if (id.isSeed()) {
            throw new CertificateException("it is that of the Seed, and not of a node");
        }
        return id;
    }

    /**
     * Looks at what a server has shown that is no Seed.
     *
     * @return the node
     * @throws CertificateException if it is not a node of the fleet, or not now; the message says how
     */
    public SpiffeId serving(X509Certificate[] chain, Instant now) throws CertificateException {
        SpiffeId id = of(chain, now, SERVER);
        if (id.isSeed()) {
            throw new CertificateException("it is that of the Seed, and not of a node");
        }
        return id;
    }

    private SpiffeId of(X509Certificate[] chain, Instant now, String purpose) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("there is none");
        }
        X509Certificate own = chain[0];
        X509Certificate vouches = authority(chain);
        try {
            vouches.verify(vouches.getPublicKey());
            own.verify(vouches.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new CertificateException("its signature is not that of the fleet's authority", e);
        }
        if (own.getBasicConstraints() >= 0 || vouches.getBasicConstraints() < 0) {
            throw new CertificateException("it vouches for others where it should not");
        }
        List<String> purposes = own.getExtendedKeyUsage();
        if (purposes == null || !purposes.contains(purpose)) {
            throw new CertificateException("it is not for this end of a connection");
        }
        requireTime(vouches, now);
        requireTime(own, now);
        return SpiffeId.of(own);
    }

    private X509Certificate authority(X509Certificate[] chain) throws OtherFleetException {
        for (int i = 1; i < chain.length; i++) {
            if (KeyDigest.of(chain[i].getPublicKey()).equals(authority)) {
                return chain[i];
            }
        }
        throw new OtherFleetException("it is of another fleet, or of none");
    }

    private static void requireTime(X509Certificate certificate, Instant now) throws OutOfTimeException {
        if (now.isBefore(certificate.getNotBefore().toInstant())
                || now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new OutOfTimeException(certificate, now);
        }
    }
}
