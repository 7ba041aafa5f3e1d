package com.espra.protoplex.relay.head;

/** What names and values of fields are made of: RFC 9110, sections 5.1 and 5.5. */
final class Token {

    private static final int DEL = 0x7f;

    private Token() {}

    static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Every character that is one byte, and none that ends a line. */
    static boolean isValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == DEL || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    /** For messages: no character that ends a line. */
    static String printable(String text) {
        return text.chars()
                .limit(64)
                .mapToObj(c -> c < ' ' || c >= DEL ? "?" : String.valueOf((char) c))
                .reduce("", String::concat);
    }
}
