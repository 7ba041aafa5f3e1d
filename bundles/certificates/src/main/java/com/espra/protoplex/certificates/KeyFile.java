package com.espra.protoplex.certificates;

import com.espra.protoplex.files.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/** The key of a node or a Seed in a file that only its owner may read: both halves, as PEM. */
public final class KeyFile {

    private static final String PUBLIC = "PUBLIC KEY";
    private static final String PRIVATE = "PRIVATE KEY";

    private KeyFile() {}

    /**
     * The key in a file; made when it is missing (mode 0600).
     *
     * @throws IOException if it cannot be read or made, or others may read it; the message names the file
     */
    public static KeyPair in(Path file) throws IOException {
        if (!Files.exists(file)) {
            KeyPair made = KeyPairs.make();
            String text = Pem.write(PRIVATE, made.getPrivate().getEncoded())
                    + Pem.write(PUBLIC, made.getPublic().getEncoded());
            PrivateFiles.replace(file, text.getBytes(StandardCharsets.US_ASCII));
        }
        PrivateFiles.requirePrivate(file);
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            KeyFactory factory = KeyFactory.getInstance("EC");
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(Pem.read(text, PUBLIC))),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(Pem.read(text, PRIVATE))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " has no key that can be used: " + e.getMessage(), e);
        }
    }
}
