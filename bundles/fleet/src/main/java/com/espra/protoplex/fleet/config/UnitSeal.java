package com.espra.protoplex.fleet.config;

import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals the secrets of one unit (AES-256 in Galois/Counter Mode, NIST SP 800-38D). What is sealed is bound to the unit and the key that it is
 * for, and opens nowhere else.
 */
public final class UnitSeal {

    /** How long the key of a unit is. */
    public static final int KEY_BYTES = 32;

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ID_DIGITS = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String unit;
    private final SecretKeySpec key;
    private final String id;

    /**
     * @param unit the app or role
     * @param key its key, {@link #KEY_BYTES} long
     */
    public UnitSeal(String unit, byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("the key of a unit has " + KEY_BYTES + " bytes, not " + key.length);
        }
        this.unit = unit;
        this.key = new SecretKeySpec(key, "AES");
        this.id = Sha256.of(key).substring(0, ID_DIGITS);
    }

    /** Seals a secret. No two sealed texts are the same. */
    public String seal(String pid, String name, String secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, nonce, pid, name).doFinal(secret.getBytes(StandardCharsets.UTF_8));
            byte[] whole = ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return id + ":" + Base64.getEncoder().encodeToString(whole);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + CIPHER, e);
        }
    }

    /** Whether it was sealed with this key. */
    public boolean isOf(String sealed) {
        return sealed.startsWith(id + ":");
    }

    /**
     * Opens a secret.
     *
     * @throws BuildException if it was sealed with another key, or for another unit or key, or was changed
     */
    public String open(String pid, String name, String sealed) throws BuildException {
        try {
            if (!isOf(sealed)) {
                throw new GeneralSecurityException("another key");
            }
            byte[] whole = Base64.getDecoder().decode(sealed.substring(id.length() + 1));
            if (whole.length < NONCE_BYTES) {
                throw new GeneralSecurityException("too short");
            }
            byte[] nonce = Arrays.copyOf(whole, NONCE_BYTES);
            byte[] secret = cipher(Cipher.DECRYPT_MODE, nonce, pid, name)
                    .doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
            return new String(secret, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new BuildException(
                    "the secret " + name + " of " + unit
                            + " cannot be opened: it was sealed with another fleet.key, or changed",
                    "set it again: ./protoplex secret set " + unit + " " + name,
                    e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String pid, String name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((unit + "\n" + pid + "\n" + name).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
