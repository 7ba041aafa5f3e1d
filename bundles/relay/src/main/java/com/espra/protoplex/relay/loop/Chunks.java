package com.espra.protoplex.relay.loop;

import java.nio.ByteBuffer;

/**
 * Finds the end of a chunked body (RFC 9112, section 7.1) without touching its bytes, and sees that nothing in its framing can be read in two
 * ways: sizes are hexadecimal digits, lines end with CRLF. Of one thread at a time.
 */
final class Chunks {

    private static final int MOST_DIGITS = 15;
    private static final int MOST_OF_LINE = 256;
    private static final int MOST_OF_TRAILERS = 8192;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        NAME,
        VALUE,
        VALUE_LF,
        LAST_LF,
        DONE,
        BAD
    }

    private State state = State.SIZE;
    private long size;
    private int digits;
    private int line;
    private int trailers;

    void begin() {
        state = State.SIZE;
        size = 0;
        digits = 0;
        line = 0;
        trailers = 0;
    }

    /** Goes through what has come: to its end, or to the end of the body if that is sooner. */
    void read(ByteBuffer in) {
        int p = in.position();
        int limit = in.limit();
        while (p < limit && state != State.DONE && state != State.BAD) {
            if (state == State.DATA) {
                int step = (int) Math.min(size, limit - p);
                p += step;
                size -= step;
                if (size == 0) {
                    state = State.DATA_CR;
                }
            } else {
                state = next(in.get(p++));
            }
        }
        in.position(p);
    }

    private State next(byte c) {
        return switch (state) {
            case SIZE -> size(c);
            case EXTENSION ->
                c == '\r' ? State.SIZE_LF : Octets.isValue(c) && ++line < MOST_OF_LINE ? state : State.BAD;
            case SIZE_LF -> c != '\n' ? State.BAD : size == 0 ? State.TRAILER : State.DATA;
            case DATA_CR -> c == '\r' ? State.DATA_LF : State.BAD;
            case DATA_LF -> c == '\n' ? newSize() : State.BAD;
            case TRAILER -> c == '\r' ? State.LAST_LF : Octets.isToken(c) && more() ? State.NAME : State.BAD;
            case NAME -> c == ':' ? State.VALUE : Octets.isToken(c) && more() ? state : State.BAD;
            case VALUE -> c == '\r' ? State.VALUE_LF : Octets.isValue(c) && more() ? state : State.BAD;
            case VALUE_LF -> c == '\n' ? State.TRAILER : State.BAD;
            case LAST_LF -> c == '\n' ? State.DONE : State.BAD;
            case DATA, DONE, BAD -> state;
        };
    }

    private State newSize() {
        size = 0;
        digits = 0;
        line = 0;
        return State.SIZE;
    }

    private boolean more() {
        return ++trailers <= MOST_OF_TRAILERS;
    }

    private State size(byte c) {
        int digit = c < 0 ? -1 : Character.digit(c, 16);
        if (digit >= 0) {
            size = size << 4 | digit;
            return ++digits <= MOST_DIGITS ? State.SIZE : State.BAD;
        }
        if (digits == 0) {
            return State.BAD;
        }
        return c == '\r' ? State.SIZE_LF : c == ';' ? State.EXTENSION : State.BAD;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    boolean isBad() {
        return state == State.BAD;
    }
}
