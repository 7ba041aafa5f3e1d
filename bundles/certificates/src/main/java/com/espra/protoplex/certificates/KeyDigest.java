package com.espra.protoplex.certificates;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What a public key is known by: the sha256 of its SubjectPublicKeyInfo (RFC 7469, section 2.4), in 64 hexadecimal digits. */
public final class KeyDigest {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    private KeyDigest() {}

    /** That of a key. */
    public static String of(PublicKey key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether it could be one. */
    public static boolean isWellFormed(String text) {
        return FORM.matcher(text).matches();
    }
}
