package com.espra.protoplex.relay.loop;

import java.nio.charset.StandardCharsets;

/** Which bytes may stand where in a head of HTTP/1.1 (RFC 9110, section 5.6.2; RFC 9112, section 5). */
final class Octets {

    private static final int BYTES = 256;
    private static final int DELETE = 0x7f;
    private static final int MOST_DIGITS = 18;

    private static final boolean[] TOKEN = new boolean[BYTES];
    private static final boolean[] VALUE = new boolean[BYTES];
    private static final boolean[] TARGET = new boolean[BYTES];
    private static final boolean[] HOST = new boolean[BYTES];

    static {
        for (int c = 0; c < BYTES; c++) {
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            TOKEN[c] = alphanumeric || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            VALUE[c] = c == '\t' || (c >= ' ' && c != DELETE);
            TARGET[c] = c > ' ' && c < DELETE && "\"<>\\^`{|}#".indexOf(c) < 0;
            HOST[c] = alphanumeric || "-._~!$&'()*+,;=".indexOf(c) >= 0;
        }
    }

    private Octets() {}

    static boolean isToken(byte c) {
        return TOKEN[c & 0xff];
    }

    static boolean isValue(byte c) {
        return VALUE[c & 0xff];
    }

    /** RFC 3986, without a fragment. */
    static boolean isTarget(byte c) {
        return TARGET[c & 0xff];
    }

    static boolean isHost(byte c) {
        return HOST[c & 0xff];
    }

    /** Whether a part is that word, in any case. */
    static boolean is(byte[] of, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            int c = of[from + i];
            if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A number in decimal digits and nothing else; -1 if it is none, or has more than 18 digits. */
    static long decimal(byte[] of, int from, int to) {
        if (to == from || to - from > MOST_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = of[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    static String text(byte[] of, int from, int to) {
        return new String(of, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
