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
    TE("te", true),
    TRANSFER_ENCODING("transfer-encoding", true),
    UPGRADE("upgrade", true),
    VIA("via", false),
    X_FORWARDED("x-forwarded-", false),
    X_REQUEST_ID("x-request-id", false),
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

    /** Which one a name is: most are known by their length and first letter to be none. */
    static FieldName of(byte[] in, int from, int to) {
        FieldName guess =
                switch (in[from] | 0x20) {
                    case 'c' -> to - from == CONNECTION.word.length() ? CONNECTION : CONTENT_LENGTH;
                    case 'e' -> EXPECT;
                    case 'f' -> FORWARDED;
                    case 'h' -> to - from == HOST.word.length() ? HOST : HTTP2_SETTINGS;
                    case 'k' -> KEEP_ALIVE;
                    case 'p' -> PROXY_CONNECTION;
                    case 't' -> to - from == TE.word.length() ? TE : TRANSFER_ENCODING;
                    case 'u' -> UPGRADE;
                    case 'v' -> VIA;
                    case 'x' -> to - from > X_FORWARDED.word.length() ? X_FORWARDED : X_REQUEST_ID;
                    default -> OTHER;
                };
        int end = guess == X_FORWARDED ? from + guess.word.length() : to;
        return guess != OTHER && Octets.is(in, from, end, guess.word) ? guess : OTHER;
    }
}
