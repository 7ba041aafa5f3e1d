package com.espra.protoplex.relay.loop;

/** The fields that mean something to a relay. */
enum FieldName {
    CONNECTION("connection", true),
    CONTENT_LENGTH("content-length", true),
    EXPECT("expect", false),
    FORWARDED("forwarded", false),
    HOST("host", false),
    HTTP2_SETTINGS("http2-settings", true),
    KEEP_ALIVE("keep-alive", true),
    PROXY_CONNECTION("proxy-connection", true),
    PROXY_AUTHENTICATE("proxy-authenticate", true),
    PROXY_AUTHENTICATION_INFO("proxy-authentication-info", true),
    PROXY_AUTHORIZATION("proxy-authorization", true),
    PROTOPLEX_RELAY("protoplex-relay-", true),
    TE("te", true),
    TRANSFER_ENCODING("transfer-encoding", true),
    UPGRADE("upgrade", true),
    VIA("via", false),
    X_FORWARDED("x-forwarded-", false),
    X_REAL_IP("x-real-ip", false),
    X_REQUEST_ID("x-request-id", false),
    /** What was taken out of a head. */
    HIDDEN("", true),
    OTHER("", false);

    private final String word;
    private final boolean ofConnection;

    FieldName(String word, boolean ofConnection) {
        this.word = word;
        this.ofConnection = ofConnection;
    }

    /** Whether it speaks of one connection or frames a message, and so is never passed on as it is (RFC 9110, section 7.6.1). */
    boolean isOfConnection() {
        return ofConnection;
    }

    private static FieldName ofProxy(byte[] in, int from, int to) {
        // The prefix first: what begins with it may be as long as one of the others.
        if (Octets.is(in, from, Math.min(to, from + PROTOPLEX_RELAY.word.length()), PROTOPLEX_RELAY.word)) {
            return PROTOPLEX_RELAY;
        }
        return switch (to - from) {
            case 16 -> PROXY_CONNECTION;
            case 18 -> PROXY_AUTHENTICATE;
            case 19 -> PROXY_AUTHORIZATION;
            case 25 -> PROXY_AUTHENTICATION_INFO;
            default -> OTHER;
        };
    }

    /** Which one a name is: most are known by their length and first letter to be none. */
    static FieldName of(byte[] in, int from, int to) {
        FieldName guess = switch (in[from] | 0x20) {
            case 'c' -> to - from == CONNECTION.word.length() ? CONNECTION : CONTENT_LENGTH;
            case 'e' -> EXPECT;
            case 'f' -> FORWARDED;
            case 'h' -> to - from == HOST.word.length() ? HOST : HTTP2_SETTINGS;
            case 'k' -> KEEP_ALIVE;
            case 'p' -> ofProxy(in, from, to);
            case 't' -> to - from == TE.word.length() ? TE : TRANSFER_ENCODING;
            case 'u' -> UPGRADE;
            case 'v' -> VIA;
            case 'x' ->
                to - from > X_FORWARDED.word.length()
                        ? X_FORWARDED
                        : to - from == X_REAL_IP.word.length() ? X_REAL_IP : X_REQUEST_ID;
            default -> OTHER;
        };
        boolean begins = guess == X_FORWARDED || guess == PROTOPLEX_RELAY;
        int end = begins ? Math.min(to, from + guess.word.length()) : to;
        return guess != OTHER && Octets.is(in, from, end, guess.word) ? guess : OTHER;
    }
}
