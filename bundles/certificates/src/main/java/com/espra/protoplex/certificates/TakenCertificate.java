package com.espra.protoplex.certificates;

import java.io.IOException;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A certificate that is taken anew when the content of its files changes; a bad file changes nothing, and a certificate whose key is not
 * there yet is taken as soon as that comes.
 *
 * <p>Threads: one at a time.
 */
public final class TakenCertificate {

    private final TlsFiles tls;
    private String taken;
    private KeyStore store;

    /** Uses what was read. */
    @FunctionalInterface
    public interface User {
        void use(KeyStore store) throws Exception;
    }

    /**
     * Takes what the files have now.
     *
     * @throws IOException if they cannot be used; the message names the file
     */
    public TakenCertificate(TlsFiles tls, User user) throws Exception {
        this.tls = tls;
        this.taken = content();
        this.store = PemFiles.keyStore(tls);
        user.use(store);
    }

    /**
     * Looks whether the files are others than those that were taken, and if so takes them. Times do not tell: a copy may keep old ones.
     *
     * @return whether they were
     * @throws Exception if they changed and cannot be used; what was taken before stays
     */
    public boolean look(User user) throws Exception {
        String now = content();
        if (now.equals(taken)) {
            return false;
        }
        PemFiles.requireMatch(tls);
        KeyStore next = PemFiles.keyStore(tls);
        user.use(next);
        store = next;
        taken = now;
        return true;
    }

    /** What was taken last. */
    public KeyStore store() {
        return store;
    }

    private String content() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(tls.certificate()));
            digest.update(Files.readAllBytes(tls.key()));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
