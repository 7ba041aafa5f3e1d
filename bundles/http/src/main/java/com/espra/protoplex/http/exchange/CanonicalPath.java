package com.espra.protoplex.http.exchange;

/** The form of a path in which routes are looked up. */
public final class CanonicalPath {

    private CanonicalPath() {}

    /**
     * The path as patterns are written: Jetty leaves those ASCII characters encoded that a URI cannot have, such as a space. Encoded
     * slashes stay as they are: they separate nothing.
     */
    public static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder decoded = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int value = c == '%' && i + 2 < path.length() ? hex(path.charAt(i + 1)) << 4 | hex(path.charAt(i + 2)) : -1;
            if (value <= 0 || value >= 0x80 || value == '/') {
                decoded.append(c);
            } else {
                decoded.append((char) value);
                i += 2;
            }
        }
        return decoded.toString();
    }

    private static int hex(char digit) {
        return digit < 0x80 ? Character.digit(digit, 16) : -1;
    }
}
