package com.espra.protoplex.http.accesslog;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Lines of a log as bytes, one after the other in an array that is used again and again. One thread at a time has it, between
 * {@link #tryTake} and {@link #release}.
 */
final class LineBuffer {

    /** No line is longer: a buffer with less room than this is full. */
    static final int MAX_LINE = 4096;

    private static final byte[] NONE = {};
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CUT = "...".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_ESCAPE = 6;
    private static final long A_LINE_NANOS = 1000;

    private final int capacity;
    private final AtomicBoolean taken = new AtomicBoolean();
    private byte[] bytes = NONE;
    private int end;
    private int lines;

    private long second = Long.MIN_VALUE;
    private byte[] secondText = NONE;

    /** A buffer that gets its memory with its first line. */
    LineBuffer(int capacity) {
        this.capacity = capacity;
    }

    /** Takes the buffer, if nobody has it. Never waits. */
    boolean tryTake() {
        return !taken.get() && taken.compareAndSet(false, true);
    }

    /** Takes the buffer as soon as who has it has written a line. */
    void take() {
        while (!tryTake()) {
            pause();
        }
    }

    /** For as long as it takes to write a line, or until the machine gets round to it. */
    static void pause() {
        LockSupport.parkNanos(A_LINE_NANOS);
    }

    void release() {
        taken.set(false);
    }

    boolean isFull() {
        return capacity - end < MAX_LINE;
    }

    boolean isHalfFull() {
        return end > capacity / 2;
    }

    /** What is in it: the first {@link #end} bytes. */
    byte[] bytes() {
        return bytes;
    }

    int end() {
        return end;
    }

    int lines() {
        return lines;
    }

    /** Begins a line, and returns where; {@link #rollBack} takes that. */
    int begin() {
        if (bytes.length == 0) {
            bytes = new byte[capacity];
        }
        return end;
    }

    /** A line that was begun comes to nothing. */
    void rollBack(int begin) {
        end = begin;
    }

    void endLine() {
        bytes[end++] = '\n';
        lines++;
    }

    void clear() {
        end = 0;
        lines = 0;
    }

    /** Swaps the lines with those of another buffer; whoever does has both. */
    void swap(LineBuffer other) {
        byte[] hisBytes = other.bytes;
        int hisEnd = other.end;
        int hisLines = other.lines;
        other.bytes = bytes;
        other.end = end;
        other.lines = lines;
        bytes = hisBytes;
        end = hisEnd;
        lines = hisLines;
    }

    void put(char ascii) {
        bytes[end++] = (byte) ascii;
    }

    /** A text of ours: ASCII, and nothing in it that could break a line. */
    void put(String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            bytes[end++] = (byte) ascii.charAt(i);
        }
    }

    /** A number that is not negative. */
    void put(long number) {
        int from = end++;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int at = end - 1; at >= from; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** RFC 3339, in UTC, with milliseconds. All but those is made once a second. */
    void time(long epochMillis) {
        long now = Math.floorDiv(epochMillis, 1000L);
        if (now != second) {
            secondText = Instant.ofEpochSecond(now).toString().getBytes(StandardCharsets.US_ASCII);
            second = now;
        }
        int length = secondText.length - 1;
        System.arraycopy(secondText, 0, bytes, end, length);
        end += length;
        int millis = (int) Math.floorMod(epochMillis, 1000L);
        put('.');
        put((char) ('0' + millis / 100));
        put((char) ('0' + millis / 10 % 10));
        put((char) ('0' + millis % 10));
        put('Z');
    }

    /**
     * A text that somebody else chose. What could end the quotes or the line, or mean something to a terminal, becomes {@code \xHH} or
     * <code>&#92;uHHHH</code>; what does not fit into so many bytes is cut.
     */
    void quoted(String text, int most) {
        int limit = end + most - LONGEST_ESCAPE - CUT.length;
        for (int i = 0; i < text.length(); i++) {
            if (end > limit) {
                System.arraycopy(CUT, 0, bytes, end, CUT.length);
                end += CUT.length;
                return;
            }
            char c = text.charAt(i);
            if (c >= ' ' && c < 127 && c != '"' && c != '\\') {
                bytes[end++] = (byte) c;
            } else {
                escape(c);
            }
        }
    }

    private void escape(char c) {
        put('\\');
        if (c > 255) {
            put('u');
            hex(c >> 12);
            hex(c >> 8);
        } else {
            put('x');
        }
        hex(c >> 4);
        hex(c);
    }

    private void hex(int digit) {
        bytes[end++] = HEX[digit & 15];
    }
}
