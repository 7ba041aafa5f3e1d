package com.espra.protoplex.certificates;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Certificates as text, one after the other (RFC 7468, section 5). It needs nothing but the JDK, so commands read them, too. */
public final class CertificateChain {

    private static final int MOST = 10;

    private CertificateChain() {}

    /**
     * Reads certificates.
     *
     * @return at least one, and at most ten, in their order
     * @throws IOException if there is none, there are more, or one is damaged
     */
    public static X509Certificate[] read(String pem) throws IOException {
        try {
            X509Certificate[] all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            if (all.length == 0 || all.length > MOST) {
                throw new IOException(
                        "there are " + all.length + " certificates in it (BEGIN CERTIFICATE), and not 1 to " + MOST);
            }
            return all;
        } catch (CertificateException e) {
            throw new IOException("it is damaged: " + e.getMessage(), e);
        }
    }
}
