package com.espra.protoplex.live.mercure.match;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Which characters of a part of a URL are encoded (WHATWG URL, section 1.3). What is encoded already stays as it is. */
enum PercentEncoding {
    CONTROL(""),
    FRAGMENT(" \"<>`"),
    QUERY(" \"#<>"),
    SPECIAL_QUERY(" \"#<>'"),
    PATH(" \"#<>?^`{}"),
    USER(" \"#<>?^`{}/:;=@[\\]|");

    private final String encoded;

    PercentEncoding(String encoded) {
        this.encoded = encoded;
    }

    String encode(String text) {
        StringBuilder result = new StringBuilder(text.length() + 16);
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            if (point > 0x1F && point < 0x7F && encoded.indexOf(point) < 0) {
                result.append((char) point);
            } else {
                encode(point, result);
            }
        }
        return result.toString();
    }

    private static void encode(int point, StringBuilder result) {
        for (byte octet : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
            result.append('%').append(String.format(Locale.ROOT, "%02X", octet & 0xFF));
        }
    }

    /** What is no escape stays as it is, and what is no UTF-8 becomes U+FFFD. */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream result = new ByteArrayOutputStream(bytes.length);
        for (int at = 0; at < bytes.length; at++) {
            int value = bytes[at] == '%' ? octet(bytes, at + 1) : -1;
            result.write(value < 0 ? bytes[at] : value);
            at += value < 0 ? 0 : 2;
        }
        return result.toString(StandardCharsets.UTF_8);
    }

    private static int octet(byte[] bytes, int at) {
        if (at + 2 > bytes.length) {
            return -1;
        }
        int high = Character.digit(bytes[at], 16);
        int low = Character.digit(bytes[at + 1], 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
}
