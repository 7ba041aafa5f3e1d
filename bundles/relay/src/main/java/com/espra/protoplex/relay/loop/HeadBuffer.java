package com.espra.protoplex.relay.loop;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that are put together to be sent: a head, and what of a body fits with it. Used again and again; of one thread at a time. */
final class HeadBuffer {

    private static final int FIRST_BYTES = 2048;

    /** More is given back after use. */
    private static final int KEPT_BYTES = 32_768;

    private static final byte[] CRLF = {'\r', '\n'};

    private byte[] bytes = new byte[FIRST_BYTES];
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private int end;

    HeadBuffer clear() {
        end = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[FIRST_BYTES];
            view = ByteBuffer.wrap(bytes);
        }
        return this;
    }

    private void room(int more) {
        if (end + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end + more, bytes.length * 2));
            view = ByteBuffer.wrap(bytes);
        }
    }

    HeadBuffer put(byte[] from, int begin, int to) {
        room(to - begin);
        System.arraycopy(from, begin, bytes, end, to - begin);
        end += to - begin;
        return this;
    }

    HeadBuffer put(byte[] all) {
        return put(all, 0, all.length);
    }

    /** Each character is one byte. */
    HeadBuffer put(String text) {
        int length = text.length();
        room(length);
        for (int i = 0; i < length; i++) {
            bytes[end + i] = (byte) text.charAt(i);
        }
        end += length;
        return this;
    }

    HeadBuffer put(long number) {
        return put(Long.toString(number));
    }

    HeadBuffer put(ByteBuffer body) {
        int length = body.remaining();
        room(length);
        body.get(bytes, end, length);
        end += length;
        return this;
    }

    HeadBuffer line() {
        return put(CRLF);
    }

    int length() {
        return end;
    }

    /** All of it, from the beginning; valid until it is changed. */
    ByteBuffer view() {
        view.limit(end).position(0);
        return view;
    }

    /** Text as bytes, for what is put often. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
