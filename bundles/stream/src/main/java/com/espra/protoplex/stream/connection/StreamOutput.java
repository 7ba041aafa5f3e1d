package com.espra.protoplex.stream.connection;

import java.io.IOException;
import java.io.OutputStream;

/** What a client gets, in pieces: each of them the client has to take in time. */
final class StreamOutput extends OutputStream {

    private static final int PIECE = 16 * 1024;

    private final OpenStream stream;
    private volatile OutputStream target;

    StreamOutput(OpenStream stream, OutputStream target) {
        this.stream = stream;
        this.target = target;
    }

    /** Writes there from now on. */
    void use(OutputStream other) {
        target = other;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            int piece = Math.min(PIECE, left);
            stream.writing(true);
            try {
                target.write(bytes, at, piece);
            } catch (IOException e) {
                throw stream.explained(e);
            } finally {
                stream.writing(false);
            }
            at += piece;
            left -= piece;
        }
    }
}
