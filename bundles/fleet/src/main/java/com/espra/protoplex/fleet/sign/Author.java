package com.espra.protoplex.fleet.sign;

import com.espra.protoplex.certificates.Pem;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** Who made a build, as those see it who check: an Ed25519 public key (RFC 8032). */
public final class Author {

    /** What an X.509 SubjectPublicKeyInfo of Ed25519 (RFC 8410) has before the 32 bytes of the key. */
    private static final byte[] X509_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private static final int KEY_BYTES = 32;
    private static final int MAX_FILE_BYTES = 16 * 1024;

    private final PublicKey key;
    private final byte[] raw;

    private Author(PublicKey key, byte[] raw) {
        this.key = key;
        this.raw = raw;
    }

    static Author of(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return new Author(key, Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length));
    }

    /**
     * Reads a public key: PEM ({@code PUBLIC KEY}), or base64 of the raw 32 bytes or of the X.509 form, on one line. Text that comes
     * after it, such as a comment, is left alone.
     *
     * @throws BuildException if it is neither
     */
    public static Author parse(String text) throws BuildException {
        try {
            byte[] bytes = Pem.isIn(text)
                    ? Pem.read(text, "PUBLIC KEY")
                    : Base64.getDecoder().decode(text.strip().split("\\s+", 2)[0]);
            return of(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509(bytes))));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new BuildException(
                    "this is not an Ed25519 public key: " + e.getMessage(),
                    "use an author.pub file: PEM, or base64 of the 32 bytes",
                    e);
        }
    }

    /**
     * Reads a public key from a file: see {@link #parse}.
     *
     * @throws IOException if the file cannot be read
     * @throws BuildException if it holds no such key
     */
    public static Author read(Path file) throws IOException, BuildException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new BuildException(file + " is too large to be a public key", "use an author.pub file");
        }
        try {
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (BuildException e) {
            throw new BuildException(file + ": " + e.getMessage(), e.remedy(), e);
        }
    }

    /** The key id: the first 16 hexadecimal digits of the sha256 of the raw 32-byte public key. */
    public String id() {
        return Sha256.of(raw).substring(0, 16);
    }

    /** The key in PEM. */
    public String pem() {
        return Pem.write("PUBLIC KEY", key.getEncoded());
    }

    /** Whether this author signed exactly these bytes. */
    public boolean verify(byte[] bytes, byte[] signature) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(bytes);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // not even the form of a signature
        }
    }

    private static byte[] x509(byte[] bytes) {
        if (bytes.length != KEY_BYTES) {
            return bytes;
        }
        byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_BYTES);
        System.arraycopy(bytes, 0, encoded, X509_PREFIX.length, KEY_BYTES);
        return encoded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Author author && Arrays.equals(raw, author.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        return "author " + id();
    }
}
