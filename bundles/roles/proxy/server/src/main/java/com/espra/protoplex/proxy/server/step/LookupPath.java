package com.espra.protoplex.proxy.server.step;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The form of a path in which routes are looked up, as the node that serves it will: without parameters and dots (RFC 3986, section 5.2.4) and
 * decoded, so that no spelling gets by a rule. Encoded slashes stay as they are: they separate nothing.
 */
final class LookupPath {

    private LookupPath() {}

    static String of(String raw) {
        if (isPlain(raw)) {
            return raw;
        }
        return withoutDots(decoded(withoutParameters(raw)));
    }

    private static boolean isPlain(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' || c == ';' || (c == '.' && i > 0 && raw.charAt(i - 1) == '/')) {
                return false;
            }
        }
        return true;
    }

    private static String withoutParameters(String raw) {
        if (raw.indexOf(';') < 0) {
            return raw;
        }
        StringBuilder kept = new StringBuilder(raw.length());
        boolean parameter = false;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            parameter = c == ';' || (parameter && c != '/');
            if (!parameter) {
                kept.append(c);
            }
        }
        return kept.toString();
    }

    private static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder decoded = new StringBuilder(path.length());
        int i = 0;
        while (i < path.length()) {
            int value = octet(path, i);
            if (value < 0 || value == 0 || value == '/') {
                decoded.append(path.charAt(i++));
            } else if (value < 0x80) {
                decoded.append((char) value);
                i += 3;
            } else {
                i = text(path, i, decoded);
            }
        }
        return decoded.toString();
    }

    /** Octets that are UTF-8 become characters; others stay as they are. */
    private static int text(String path, int from, StringBuilder decoded) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int i = from;
        for (int value = octet(path, i); value >= 0x80; value = octet(path, i)) {
            octets.write(value);
            i += 3;
        }
        try {
            decoded.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.toByteArray())));
        } catch (CharacterCodingException e) {
            decoded.append(path, from, i);
        }
        return i;
    }

    private static int octet(String path, int at) {
        if (at + 2 >= path.length() || path.charAt(at) != '%') {
            return -1;
        }
        int high = digit(path.charAt(at + 1));
        int low = digit(path.charAt(at + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static String withoutDots(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        Deque<String> segments = new ArrayDeque<>();
        String[] all = path.substring(1).split("/", -1);
        for (int i = 0; i < all.length; i++) {
            boolean last = i == all.length - 1;
            if (all[i].equals("..")) {
                segments.pollLast();
            }
            if (all[i].equals(".") || all[i].equals("..")) {
                if (last) {
                    segments.add("");
                }
            } else {
                segments.add(all[i]);
            }
        }
        return "/" + String.join("/", segments);
    }
}
