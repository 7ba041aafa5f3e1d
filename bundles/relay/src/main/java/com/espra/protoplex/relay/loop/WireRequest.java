package com.espra.protoplex.relay.loop;

import java.net.InetAddress;

/**
 * The head of a request, read strictly: what it says about where it ends is beyond doubt, or it is refused. Used again and again; of one
 * thread at a time. Parts are places in the bytes that it was read from.
 */
final class WireRequest {

    /** What is to be done with a head. */
    enum Verdict {
        /** More of it has to come. */
        INCOMPLETE,
        /** It can be relayed here. */
        SOUND,
        /** It is sound as far as was looked, and Jetty's. */
        OTHER,
        /** It is refused with {@link #status}, and the connection ends. */
        BAD
    }

    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 431;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int OTHER_VERSION = 505;
    private static final int VERSION_BYTES = 8;
    private static final int MOST_OF_METHOD = 32;
    private static final long MOST_PORT = 65_535;

    private final FieldLines fields = new FieldLines();
    private final int most;
    private byte[] in = {};
    private int begin;
    private int methodEnd;
    private int target;
    private int targetEnd;
    private int headEnd;
    private int host;
    private int hostEnd;
    private int portEnd;
    private long length;
    private boolean closes;
    private int minor;
    private int status;
    private String reason = "";

    /** @param most bytes of a head */
    WireRequest(int most) {
        this.most = most;
    }

    /** Looks at what has come. */
    Verdict read(byte[] bytes, int from, int to) {
        in = bytes;
        int p = from;
        // RFC 9112, section 2.2: old clients send an empty line after a body.
        if (to - p >= 2 && in[p] == '\r' && in[p + 1] == '\n') {
            p += 2;
        }
        begin = p;
        int limit = Math.min(to, from + most);
        Verdict line = requestLine(limit);
        if (line != Verdict.SOUND) {
            return line == Verdict.INCOMPLETE ? incomplete(limit < to) : line;
        }
        int end = fields.read(in, headEnd, limit);
        if (end == FieldLines.INCOMPLETE) {
            return incomplete(limit < to);
        }
        if (end < 0) {
            return end == FieldLines.BAD
                    ? bad(fields.reason())
                    : refuse(TOO_LARGE, "more than " + FieldLines.MOST + " fields");
        }
        headEnd = end;
        return meaning();
    }

    private Verdict incomplete(boolean isTooLarge) {
        return isTooLarge ? refuse(TOO_LARGE, "a head of more than " + most + " bytes") : Verdict.INCOMPLETE;
    }

    private Verdict requestLine(int to) {
        int p = begin;
        while (p < to && Octets.isToken(in[p])) {
            p++;
        }
        methodEnd = p;
        if (p - begin > MOST_OF_METHOD) {
            return refuse(NOT_IMPLEMENTED, "a method of more than " + MOST_OF_METHOD + " bytes");
        }
        if (p == to) {
            return Verdict.INCOMPLETE;
        }
        if (in[p] != ' ' || p == begin) {
            return bad("no method with one space after it");
        }
        target = ++p;
        while (p < to && Octets.isTarget(in[p])) {
            p++;
        }
        targetEnd = p;
        if (p == to) {
            return Verdict.INCOMPLETE;
        }
        if (in[p] != ' ' || p == target) {
            return bad("no target with one space after it");
        }
        p++;
        return version(p, to);
    }

    private Verdict version(int p, int to) {
        for (int i = 0; i < VERSION_BYTES; i++) {
            if (p + i == to) {
                return Verdict.INCOMPLETE;
            }
            byte c = in[p + i];
            boolean fits = (i == 5 || i == 7) ? (c >= '0' && c <= '9') : c == "HTTP/1.1".charAt(i);
            if (!fits) {
                return bad("no version of HTTP at the end of the first line");
            }
        }
        int end = p + VERSION_BYTES;
        if (to - end < 2) {
            return to == end || in[end] == '\r' ? Verdict.INCOMPLETE : bad("no CRLF after the first line");
        }
        if (in[end] != '\r' || in[end + 1] != '\n') {
            return bad("no CRLF after the first line");
        }
        headEnd = end + 2;
        if (in[p + 5] == '2' && methodEnd - begin == 3 && Octets.is(in, begin, methodEnd, "pri")) {
            return Verdict.OTHER;
        }
        if (in[p + 5] != '1' || in[p + 7] > '1') {
            return refuse(OTHER_VERSION, "another version of HTTP");
        }
        minor = in[p + 7] - '0';
        return Verdict.SOUND;
    }

    private Verdict meaning() {
        int hosts = 0;
        int lengths = 0;
        int encodings = 0;
        boolean other = minor == 0;
        length = 0;
        closes = false;
        host = hostEnd = portEnd = 0;
        for (int i = 0; i < fields.count(); i++) {
            switch (fields.name(i)) {
                case HOST -> {
                    hosts++;
                    if (!isHost(fields.value(i), fields.end(i))) {
                        return bad("a Host that is none");
                    }
                }
                case CONTENT_LENGTH -> {
                    lengths++;
                    length = Octets.decimal(in, fields.value(i), fields.end(i));
                    if (length < 0) {
                        return bad("a Content-Length that is no number");
                    }
                }
                case TRANSFER_ENCODING -> {
                    encodings++;
                    if (!Octets.is(in, fields.value(i), fields.end(i), "chunked")) {
                        return refuse(NOT_IMPLEMENTED, "a Transfer-Encoding other than chunked");
                    }
                }
                case CONNECTION -> {
                    if (Octets.is(in, fields.value(i), fields.end(i), "close")) {
                        closes = true;
                    } else if (!Octets.is(in, fields.value(i), fields.end(i), "keep-alive")) {
                        other = true;
                    }
                }
                case UPGRADE, EXPECT, VIA, HTTP2_SETTINGS -> other = true;
                default -> {}
            }
        }
        if (lengths > 1 || encodings > 1) {
            return bad("two fields that say how long the body is");
        }
        if (lengths > 0 && encodings > 0) {
            return bad("Content-Length and Transfer-Encoding");
        }
        if (encodings > 0 && minor == 0) {
            return bad("Transfer-Encoding in HTTP/1.0");
        }
        if (hosts > 1 || (hosts == 0 && minor > 0)) {
            return bad(hosts == 0 ? "no Host" : "two Hosts");
        }
        return other || encodings > 0 || in[target] != '/' || isConnect() ? Verdict.OTHER : Verdict.SOUND;
    }

    private boolean isConnect() {
        return Octets.is(in, begin, methodEnd, "connect");
    }

    /** RFC 9110, section 7.2: a host and perhaps a port, and no user. */
    private boolean isHost(int from, int to) {
        int p = from;
        if (p < to && in[p] == '[') {
            while (p < to && in[p] != ']') {
                p++;
            }
            if (p == to || !isAddress(Octets.text(in, from + 1, p))) {
                return false;
            }
            p++;
        } else {
            while (p < to && Octets.isHost(in[p])) {
                p++;
            }
        }
        host = from;
        hostEnd = p;
        portEnd = to;
        if (p == from) {
            return false;
        }
        if (p == to) {
            return true;
        }
        long port = in[p] == ':' ? Octets.decimal(in, p + 1, to) : -1;
        return port > 0 && port <= MOST_PORT;
    }

    /** One of IPv6, without a zone. Rare, so it may cost something. */
    private static boolean isAddress(String text) {
        if (text.indexOf(':') < 0 || !text.chars().allMatch(c -> c == ':' || c == '.' || Character.digit(c, 16) >= 0)) {
            return false;
        }
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Verdict bad(String why) {
        return refuse(BAD_REQUEST, why);
    }

    private Verdict refuse(int with, String why) {
        status = with;
        reason = why;
        return Verdict.BAD;
    }

    /** With what it is refused. */
    int status() {
        return status;
    }

    /** Why it is refused. */
    String reason() {
        return reason;
    }

    byte[] bytes() {
        return in;
    }

    /** Where the method begins. */
    int begin() {
        return begin;
    }

    int methodEnd() {
        return methodEnd;
    }

    int target() {
        return target;
    }

    int targetEnd() {
        return targetEnd;
    }

    /** Where the body begins. */
    int end() {
        return headEnd;
    }

    int host() {
        return host;
    }

    int hostEnd() {
        return hostEnd;
    }

    /** Where the field Host ends, with the port. */
    int portEnd() {
        return portEnd;
    }

    FieldLines fields() {
        return fields;
    }

    /** Bytes of the body. */
    long length() {
        return length;
    }

    /** Whether the client wants its connection to end with the answer. */
    boolean closes() {
        return closes;
    }
}
