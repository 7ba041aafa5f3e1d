package com.espra.protoplex.agent.link;

import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.FleetTrust;
import com.espra.protoplex.certificates.KeyDigest;
import com.espra.protoplex.certificates.TlsFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;

/**
 * The files by which a node that has joined and its Seed know each other. They are read at every use: the certificate is renewed.
 *
 * @param own this node's certificate and key
 * @param authority the certificate of what vouches for the Seed
 */
public record NodeCertificate(TlsFiles own, Path authority) {

    /** Who is of the fleet. */
    FleetTrust trust() throws IOException {
        return new FleetTrust(KeyDigest.of(chain(authority)[0].getPublicKey()));
    }

    /** This node's certificate, and what vouches for it. */
    X509Certificate[] chain() throws IOException {
        return chain(own.certificate());
    }

    private static X509Certificate[] chain(Path file) throws IOException {
        try {
            return CertificateChain.read(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IOException(
                    file + " cannot be used: " + e.getMessage() + ". Join this machine again: ./protoplex join", e);
        }
    }
}
