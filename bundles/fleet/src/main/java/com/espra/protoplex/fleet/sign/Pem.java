package com.espra.protoplex.fleet.sign;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The textual encoding of keys (RFC 7468). */
final class Pem {

    static final String BEGIN = "-----BEGIN ";

    private static final int LINE = 64;

    private Pem() {}

    static String write(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return BEGIN + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** The base64 of the first block with this label, without white space. */
    static String block(String text, String label) {
        String begin = BEGIN + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("there is no '" + label + "' block in it");
        }
        return text.substring(from + begin.length(), to).replaceAll("\\s", "");
    }
}
