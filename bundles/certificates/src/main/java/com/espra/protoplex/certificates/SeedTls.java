package com.espra.protoplex.certificates;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The TLS of whoever connects to a Seed: it trusts the fleet's authority, by its digest, and nothing else. */
public final class SeedTls {

    private SeedTls() {}

    /**
     * Makes it anew, with no memory of earlier connections.
     *
     * @param own what this node shows of itself; empty for who shows a token
     * @throws IOException if that cannot be read; the message names the file
     */
    public static SSLContext context(FleetTrust trust, Optional<TlsFiles> own, InstantSource clock) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    own.isPresent() ? keys(own.get()) : new KeyManager[0],
                    new TrustManager[] {new SeedAlone(trust, clock)},
                    new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS to the Seed is not possible: " + e.getMessage(), e);
        }
    }

    private static KeyManager[] keys(TlsFiles own) throws IOException, GeneralSecurityException {
        KeyStore store = PemFiles.keyStore(own);
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    /** An extended one: Java adds no rules of its own to it, as that a name of a host has to be in the certificate. */
    private static final class SeedAlone extends X509ExtendedTrustManager {

        private final FleetTrust trust;
        private final InstantSource clock;

        SeedAlone(FleetTrust trust, InstantSource clock) {
            this.trust = trust;
            this.clock = clock;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            trust.seed(chain, clock.instant());
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("this end is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
