package com.espra.protoplex.certificates;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Certificates and keys as files of text (RFC 7468), in whatever form the usual tools write them. */
public final class PemFiles {

    private static final char[] NO_PASSWORD = new char[0];

    private PemFiles() {}

    /**
     * Reads both files, for a server that shows them.
     *
     * @return a store in memory with the key and its chain, without a password
     * @throws IOException if a file cannot be read or has not what it should; the message names the file
     */
    public static KeyStore keyStore(TlsFiles tls) throws IOException {
        try {
            // It never leaves the memory, so it needs no encryption: PKCS12 would derive a key from the empty password,
            // ten thousand times over.
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("listener", key(tls.key()), NO_PASSWORD, chain(tls.certificate()));
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "The key in " + tls.key() + " cannot be used with the certificate in " + tls.certificate()
                            + ": give files that belong together",
                    e);
        }
    }

    /**
     * Signs with the key and has the certificate prove it.
     *
     * @throws IOException if they do not belong together, as when one of two files has been replaced and the other has not
     */
    public static void requireMatch(TlsFiles tls) throws IOException {
        PrivateKey key = key(tls.key());
        PublicKey shown = chain(tls.certificate())[0].getPublicKey();
        boolean match;
        try {
            byte[] text = "a text to sign".getBytes(StandardCharsets.US_ASCII);
            Signature signature = Signature.getInstance(algorithm(key));
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(shown);
            signature.update(text);
            match = signature.verify(signed);
        } catch (InvalidKeyException | SignatureException otherKind) {
            match = false;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("The key in " + tls.key() + " is of a kind that is not known here: use EC or RSA", e);
        }
        if (!match) {
            throw new IOException("The key in " + tls.key() + " does not belong to the certificate in "
                    + tls.certificate() + ": give files that belong together");
        }
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC", "ECDSA" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }

    /**
     * Reads a file of certificates.
     *
     * @return the certificate, and those that vouch for it: at least one
     * @throws IOException if the file cannot be read or has none; the message names the file
     */
    public static Certificate[] chain(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (!chain.isEmpty()) {
                return chain.toArray(Certificate[]::new);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " is not a certificate in PEM form", e);
        }
        throw new IOException(file + " has no certificate in PEM form (BEGIN CERTIFICATE)");
    }

    private static PrivateKey key(Path file) throws IOException {
        try (Reader in = Files.newBufferedReader(file);
                PEMParser parser = new PEMParser(in)) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            // A file from openssl may start with the curve's parameters.
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                if (part instanceof PEMKeyPair pair) {
                    return converter.getKeyPair(pair).getPrivate();
                }
                if (part instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
            }
        }
        throw new IOException(file + " has no unencrypted private key in PEM form (BEGIN PRIVATE KEY)");
    }
}
