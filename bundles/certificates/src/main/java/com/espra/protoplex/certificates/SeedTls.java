package com.espra.protoplex.certificates;

import java.io.IOException;
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
import javax.net.ssl.TrustManager;

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
        return context(own, new ServerTrust() {
            @Override
            protected void check(X509Certificate[] chain, String host, int port) throws CertificateException {
                trust.seed(chain, clock.instant());
            }
        });
    }

    /**
     * The same, for whoever knows others by other rules.
     *
     * @throws IOException if what this node shows of itself cannot be read; the message names the file
     */
    public static SSLContext context(Optional<TlsFiles> own, ServerTrust trust) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    own.isPresent() ? keys(own.get()) : new KeyManager[0],
                    new TrustManager[] {trust},
                    new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS within the fleet is not possible: " + e.getMessage(), e);
        }
    }

    private static KeyManager[] keys(TlsFiles own) throws IOException, GeneralSecurityException {
        KeyStore store = PemFiles.keyStore(own);
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }
}
