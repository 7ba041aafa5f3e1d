package com.espra.protoplex.stream.connection;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/** What a client sends, with a buffer that is there once something was read. */
final class StreamInput extends InputStream {

    private static final int BUFFER = 4096;

    private final OpenStream stream;
    private volatile InputStream source;
    private byte[] buffer = new byte[0];
    private int position;
    private int end;

    StreamInput(OpenStream stream, InputStream source) {
        this.stream = stream;
        this.source = source;
    }

    /** Reads from there on. */
    void use(InputStream other) {
        source = other;
    }

    /** How many bytes were taken from the socket and not read. */
    int buffered() {
        return end - position;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        if (position < end) {
            return buffer[position++] & 0xff;
        }
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == end) {
            if (length >= BUFFER) {
                return fill(bytes, offset, length);
            }
            if (buffer.length == 0) {
                buffer = new byte[BUFFER];
            }
            int read = fill(buffer, 0, BUFFER);
            if (read < 0) {
                return -1;
            }
            position = 0;
            end = read;
        }
        int count = Math.min(length, end - position);
        System.arraycopy(buffer, position, bytes, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() throws IOException {
        return end > position ? end - position : stream.isClosed() ? 0 : source.available();
    }

    private int fill(byte[] bytes, int offset, int length) throws IOException {
        while (!stream.isClosed()) {
            try {
                int read = source.read(bytes, offset, length);
                stream.heard();
                if (!stream.isClosed()) {
                    return read;
                }
            } catch (SocketTimeoutException e) {
                stream.silent(e);
            } catch (IOException e) {
                if (!stream.isClosed()) {
                    throw stream.explained(e);
                }
            }
        }
        return -1;
    }
}
