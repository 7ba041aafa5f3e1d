package com.espra.protoplex.relay.loop;

/** The head of an answer, read as strictly. Used again and again; of one thread at a time. */
final class WireResponse {

    /** How an answer's body ends. */
    enum Body {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    static final int INCOMPLETE = 0;
    static final int NONSENSE = -1;

    private static final int STATUS_AT = 9;
    private static final int LINE_LEAST = 13;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final FieldLines fields = new FieldLines();
    private byte[] in = {};
    private int begin;
    private int lineEnd;
    private int status;
    private long length;
    private boolean persistent;
    private boolean hasLength;
    private boolean isChunked;
    private Body body = Body.NONE;

    /** Where the head ends, or {@link #INCOMPLETE}, or {@link #NONSENSE}. */
    int read(byte[] bytes, int from, int to, boolean ofHead) {
        in = bytes;
        begin = from;
        for (int i = 0; i < Math.min(STATUS_AT, to - from); i++) {
            byte c = in[from + i];
            if (i == 7 ? (c != '0' && c != '1') : c != "HTTP/1.1 ".charAt(i)) {
                return NONSENSE;
            }
        }
        if (to - from < LINE_LEAST) {
            return INCOMPLETE;
        }
        status = (int) Octets.decimal(in, from + STATUS_AT, from + STATUS_AT + 3);
        int p = from + STATUS_AT + 3;
        if (status < 100 || (in[p] != ' ' && in[p] != '\r')) {
            return NONSENSE;
        }
        while (p < to && Octets.isValue(in[p])) {
            p++;
        }
        if (p + 1 >= to) {
            return p == to || in[p] == '\r' ? INCOMPLETE : NONSENSE;
        }
        if (in[p] != '\r' || in[p + 1] != '\n') {
            return NONSENSE;
        }
        lineEnd = p;
        int end = fields.read(in, p + 2, to);
        if (end < 0) {
            return NONSENSE;
        }
        return end == FieldLines.INCOMPLETE ? INCOMPLETE : framing(ofHead) ? end : NONSENSE;
    }

    private boolean framing(boolean ofHead) {
        int lengths = 0;
        int encodings = 0;
        persistent = in[begin + 7] == '1';
        length = 0;
        for (int i = 0; i < fields.count(); i++) {
            switch (fields.name(i)) {
                case CONTENT_LENGTH -> {
                    lengths++;
                    length = Octets.decimal(in, fields.value(i), fields.end(i));
                }
                case TRANSFER_ENCODING -> {
                    encodings++;
                    if (!Octets.is(in, fields.value(i), fields.end(i), "chunked")) {
                        return false;
                    }
                }
                case CONNECTION -> persistent &= Octets.is(in, fields.value(i), fields.end(i), "keep-alive");
                default -> {}
            }
        }
        if (length < 0 || lengths > 1 || encodings > 1 || (lengths > 0 && encodings > 0)) {
            return false;
        }
        if (encodings > 0 && in[begin + 7] == '0') {
            return false;
        }
        hasLength = lengths > 0;
        if (ofHead || status < 200 || status == NO_CONTENT || status == NOT_MODIFIED) {
            isChunked = encodings > 0;
            body = Body.NONE;
        } else {
            isChunked = encodings > 0;
            body = isChunked ? Body.CHUNKED : hasLength ? Body.LENGTH : Body.UNTIL_CLOSE;
        }
        return true;
    }

    int status() {
        return status;
    }

    /** Where the status stands, with the reason after it. */
    int statusAt() {
        return begin + STATUS_AT;
    }

    int lineEnd() {
        return lineEnd;
    }

    FieldLines fields() {
        return fields;
    }

    byte[] bytes() {
        return in;
    }

    long length() {
        return length;
    }

    /** Its body is shorter for the client. */
    void shorten(long by) {
        length -= by;
    }

    /** Whether it says a length: the answer to a HEAD does without having a body. */
    boolean hasLength() {
        return hasLength;
    }

    boolean isChunked() {
        return isChunked;
    }

    Body body() {
        return body;
    }

    /** Whether the connection can be used again. */
    boolean isPersistent() {
        return persistent;
    }
}
