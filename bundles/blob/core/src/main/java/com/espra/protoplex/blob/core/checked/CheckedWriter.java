package com.espra.protoplex.blob.core.checked;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes a checked file, from its beginning to its end. Until {@link #finish} it is not whole, and a reader refuses it.
 *
 * <p>Threads: one at a time.
 */
public final class CheckedWriter implements AutoCloseable {

    private final FileChannel channel;
    private final CRC32C sum = new CRC32C();
    private final int bodyStart;
    private int[] sums = new int[8];
    private int full;
    private int inBlock;
    private long length;

    /**
     * Begins a file that is not there yet.
     *
     * @param header at most 64 KiB, for whoever reads the file
     */
    public CheckedWriter(Path file, byte[] header) throws IOException {
        if (header.length > CheckedForm.MOST_HEADER) {
            throw new IllegalArgumentException("a header has at most " + CheckedForm.MOST_HEADER + " bytes");
        }
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        bodyStart = header.length + CheckedForm.HEADER_EXTRA;
        ByteBuffer begin = ByteBuffer.allocate(bodyStart)
                .putLong(CheckedForm.BEGIN)
                .putInt(header.length)
                .put(header);
        CRC32C headerSum = new CRC32C();
        headerSum.update(header);
        boolean written = false;
        try {
            writeAll(begin.putInt((int) headerSum.getValue()).flip());
            written = true;
        } finally {
            if (!written) {
                channel.close();
            }
        }
    }

    /** Appends to the body. */
    public void write(byte[] bytes, int from, int count) throws IOException {
        writeAll(ByteBuffer.wrap(bytes, from, count));
        int at = from;
        int left = count;
        while (left > 0) {
            int some = Math.min(left, CheckedForm.BLOCK - inBlock);
            sum.update(bytes, at, some);
            inBlock += some;
            at += some;
            left -= some;
            if (inBlock == CheckedForm.BLOCK) {
                endBlock();
            }
        }
        length += count;
    }

    /** How many bytes the body has by now. */
    public long length() {
        return length;
    }

    /** Where in the file the body begins: for whoever reads it while it is written. */
    public long bodyStart() {
        return bodyStart;
    }

    /**
     * Makes it whole.
     *
     * @param durable whether it is on the disk when this returns
     */
    public void finish(boolean durable) throws IOException {
        if (inBlock > 0) {
            endBlock();
        }
        ByteBuffer end = ByteBuffer.allocate(full * Integer.BYTES + CheckedForm.END_BYTES);
        for (int i = 0; i < full; i++) {
            end.putInt(sums[i]);
        }
        end.putLong(length);
        CRC32C endSum = new CRC32C();
        endSum.update(end.array(), 0, end.position());
        writeAll(end.putInt((int) endSum.getValue()).putLong(CheckedForm.END).flip());
        if (durable) {
            channel.force(true);
        }
    }

    private void endBlock() {
        if (full == sums.length) {
            sums = Arrays.copyOf(sums, full * 2);
        }
        sums[full++] = (int) sum.getValue();
        sum.reset();
        inBlock = 0;
    }

    private void writeAll(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
