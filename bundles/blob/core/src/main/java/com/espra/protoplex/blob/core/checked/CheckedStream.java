package com.espra.protoplex.blob.core.checked;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A part of the body of a checked file. It does not close the file. */
public final class CheckedStream extends InputStream {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final CheckedFile file;
    private ByteBuffer block = NOTHING;
    private long at;
    private long left;

    /**
     * Reads so much from a place on.
     *
     * @param from 0 to the length of the body
     * @param most fewer if the body ends before
     */
    public CheckedStream(CheckedFile file, long from, long most) {
        this.file = file;
        at = Objects.checkFromToIndex(from, file.length(), file.length());
        left = Math.min(most, file.length() - from);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        if (!block.hasRemaining()) {
            block = file.read(at);
        }
        int some = (int) Math.min(Math.min(count, block.remaining()), left);
        block.get(into, from, some);
        at += some;
        left -= some;
        return some;
    }
}
