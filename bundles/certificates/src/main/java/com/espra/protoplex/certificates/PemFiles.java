package com.espra.protoplex.certificates;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** Certificates and keys as files of text (RFC 7468), in whatever form the usual tools write them. */
public final class PemFiles {

    /** What {@link #keyStore} calls its entry. */
    public static final String ALIAS = "listener";

    private static final char[] NO_PASSWORD = new char[0];
    private static final String PSS = "RSASSA-PSS";

    /** That of UTF-8, read as Latin-1. */
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

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
            store.setKeyEntry(ALIAS, key(tls.key()), NO_PASSWORD, chain(tls.certificate()));
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
            if (key.getAlgorithm().equals(PSS)) {
                signature.setParameter(parameters(key));
            }
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(shown);
            signature.update(text);
            match = signature.verify(signed);
        } catch (InvalidKeyException | SignatureException | InvalidAlgorithmParameterException otherKind) {
            match = false;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("The key in " + tls.key() + " is of a kind that is not known here: use EC or RSA", e);
        }
        if (!match) {
            throw new IOException("The key in " + tls.key() + " does not belong to the certificate in "
                    + tls.certificate() + ": give files that belong together");
        }
    }

    /** Those that the key is bound to, if it is. */
    private static AlgorithmParameterSpec parameters(PrivateKey key) {
        return key instanceof RSAKey rsa && rsa.getParams() != null
                ? rsa.getParams()
                : new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
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
        byte[] content = read(file);
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<Certificate> chain = new ArrayList<>();
            try (PemReader pem = new PemReader(text(content))) {
                for (PemObject part = pem.readPemObject(); part != null; part = pem.readPemObject()) {
                    if (part.getType().endsWith("CERTIFICATE")) {
                        chain.add(factory.generateCertificate(new ByteArrayInputStream(part.getContent())));
                    }
                }
            }
            if (chain.isEmpty()) {
                // In binary form, perhaps.
                chain.addAll(factory.generateCertificates(new ByteArrayInputStream(content)));
            }
            if (!chain.isEmpty()) {
                return chain.toArray(Certificate[]::new);
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException(file + " is not a certificate in PEM form: " + e.getMessage(), e);
        }
        throw new IOException(file + " has no certificate in PEM form (BEGIN CERTIFICATE)");
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " is not there", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + " may not be read by this user: change its owner or its mode", e);
        }
    }

    /** What is not ASCII is around the blocks, in any encoding: attributes, and the mark that some editors begin a file with. */
    private static Reader text(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return new StringReader(text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text);
    }

    /**
     * Reads a private key that is not encrypted.
     *
     * @throws IOException if there is none; the message names the file
     */
    public static PrivateKey key(Path file) throws IOException {
        try (PEMParser parser = new PEMParser(text(read(file)))) {
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
