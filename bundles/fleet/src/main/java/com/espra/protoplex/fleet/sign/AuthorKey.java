package com.espra.protoplex.fleet.sign;

import com.espra.protoplex.certificates.Pem;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.fleet.build.BuildException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/** What an author signs builds with: an Ed25519 private key (RFC 8032), and its public half. */
public final class AuthorKey {

    private static final int MAX_FILE_BYTES = 16 * 1024;

    private final PrivateKey key;
    private final Author author;

    private AuthorKey(PrivateKey key, Author author) {
        this.key = key;
        this.author = author;
    }

    /** Makes a new key. */
    public static AuthorKey create() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new AuthorKey(pair.getPrivate(), Author.of(pair.getPublic()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    /**
     * Reads a key that {@link #write} wrote.
     *
     * @throws IOException if the file cannot be read, or others may read it too
     * @throws BuildException if it holds no such key
     */
    public static AuthorKey read(Path file) throws IOException, BuildException {
        PrivateFiles.requirePrivate(file);
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new BuildException(file + " is too large to be a key", "use an author.key file");
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        try {
            byte[] pkcs8 = Pem.read(text, "PRIVATE KEY");
            PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            AuthorKey read = new AuthorKey(key, Author.parse(text));
            if (!read.author.verify(pkcs8, read.sign(pkcs8))) {
                throw new BuildException(file + ": its two halves do not belong together", "restore it from a backup");
            }
            return read;
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new BuildException(
                    file + " is not an author's key: " + e.getMessage(),
                    "restore it, or move it away and a new one is made (builds of the old author stay valid)",
                    e);
        }
    }

    /**
     * Writes the key (both halves in PEM, readable by its owner only) and its public half.
     *
     * @param keyFile where the key goes; it must not exist
     * @param publicFile where the public half goes; replaced when it exists
     * @throws IOException if it cannot be written
     */
    public void write(Path keyFile, Path publicFile) throws IOException {
        PrivateFiles.create(keyFile, Pem.write("PRIVATE KEY", key.getEncoded()) + author.pem());
        Disk.replace(publicFile, author.pem().getBytes(StandardCharsets.US_ASCII));
    }

    /** The public half. */
    public Author author() {
        return author;
    }

    /** Signs exactly these bytes: 64 bytes. */
    public byte[] sign(byte[] bytes) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(key);
            ed25519.update(bytes);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with this Ed25519 key", e);
        }
    }

    @Override
    public String toString() {
        return "key of " + author;
    }
}
