package com.espra.protoplex.certificates;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The textual encoding of keys and certificates (RFC 7468). */
public final class Pem {

    private static final String BEGIN = "-----BEGIN ";
    private static final int LINE = 64;

    private Pem() {}

    /** Whether the text has a block of any label: it may be base64 alone. */
    public static boolean isIn(String text) {
        return text.contains(BEGIN);
    }

    /** A block with this label, and a line break after it. */
    public static String write(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return BEGIN + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /**
     * What the first block with this label holds.
     *
     * @throws IllegalArgumentException if there is no such block, or it is not base64
     */
    public static byte[] read(String text, String label) {
        String begin = BEGIN + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("there is no '" + label + "' block in it");
        }
        String base64 = text.substring(from + begin.length(), to);
        return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
    }
}
