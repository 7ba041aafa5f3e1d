package com.espra.protoplex.datastore.server.access;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A token that proves by itself that this datastore has made it: base64url of 24 random bytes and their HMAC-SHA256. What was guessed or
 * cut is refused by arithmetic, before anything is looked up.
 *
 * @param text what the caller sends: 75 characters
 * @param digest of the random bytes, in hex: by it the token is known, and from it nobody gets the token
 */
record SignedToken(String text, String digest) {

    static final int RANDOM_BYTES = 24;

    private static final String HMAC = "HmacSHA256";
    private static final int HMAC_BYTES = 32;
    /** What 56 bytes take without padding. */
    private static final int CHARACTERS = 75;

    /** A new one. */
    static SignedToken mint(byte[] key, SecureRandom source) {
        byte[] random = new byte[RANDOM_BYTES];
        source.nextBytes(random);
        byte[] whole = Arrays.copyOf(random, RANDOM_BYTES + HMAC_BYTES);
        System.arraycopy(hmac(key, random), 0, whole, RANDOM_BYTES, HMAC_BYTES);
        return new SignedToken(Base64.getUrlEncoder().withoutPadding().encodeToString(whole), digest(random));
    }

    /** What somebody has sent, if it was made with this key. How long that takes does not tell how much of it is right. */
    static Optional<SignedToken> read(byte[] key, String text) {
        if (text.length() != CHARACTERS) {
            return Optional.empty();
        }
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        byte[] random = Arrays.copyOf(whole, RANDOM_BYTES);
        byte[] proof = Arrays.copyOfRange(whole, RANDOM_BYTES, whole.length);
        return MessageDigest.isEqual(hmac(key, random), proof)
                ? Optional.of(new SignedToken(text, digest(random)))
                : Optional.empty();
    }

    private static byte[] hmac(byte[] key, byte[] random) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(random);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digest(byte[] random) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(random));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** It is a secret. */
    @Override
    public String toString() {
        return "token " + digest;
    }
}
