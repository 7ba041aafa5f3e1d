package com.espra.protoplex.blob.core.checked;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Reads a checked file. Nothing is given out that is not what was written: each 64 KiB are compared with their sum before.
 *
 * <p>Threads: {@link #read} from any; {@link #close} ends them.
 */
public final class CheckedFile implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;
    private final byte[] header;
    private final long length;
    private final ByteBuffer sums;

    private CheckedFile(Path file, FileChannel channel, byte[] header, long length, ByteBuffer sums) {
        this.file = file;
        this.channel = channel;
        this.header = header;
        this.length = length;
        this.sums = sums;
    }

    /**
     * Opens it, and checks its header and its end.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there
     * @throws DamagedFileException if it is not whole
     */
    public static CheckedFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        boolean opened = false;
        try {
            CheckedFile checked = open(file, channel);
            opened = true;
            return checked;
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    private static CheckedFile open(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer begin = bytes(file, channel, 0, 12);
        long magic = begin.getLong();
        int headerLength = begin.getInt();
        if (magic != CheckedForm.BEGIN || headerLength < 0 || headerLength > CheckedForm.MOST_HEADER) {
            throw new DamagedFileException(file + " is no checked file: its beginning is another");
        }
        ByteBuffer headerAndSum = bytes(file, channel, 12, headerLength + Integer.BYTES);
        byte[] header = new byte[headerLength];
        headerAndSum.get(header);
        if (headerAndSum.getInt() != sum(ByteBuffer.wrap(header))) {
            throw new DamagedFileException(file + " is damaged: its header is not what was written");
        }
        ByteBuffer end = bytes(file, channel, size - CheckedForm.END_BYTES, CheckedForm.END_BYTES);
        long length = end.getLong();
        int endSum = end.getInt();
        long blocks = CheckedForm.blocks(length);
        if (end.getLong() != CheckedForm.END
                || length < 0
                || size
                        != headerLength
                                + CheckedForm.HEADER_EXTRA
                                + length
                                + blocks * Integer.BYTES
                                + CheckedForm.END_BYTES) {
            throw new DamagedFileException(file + " is not whole: its end is missing");
        }
        int tableBytes = Math.toIntExact(blocks * Integer.BYTES);
        ByteBuffer table = bytes(file, channel, size - CheckedForm.END_BYTES - tableBytes, tableBytes + Long.BYTES);
        if (sum(table.duplicate()) != endSum) {
            throw new DamagedFileException(file + " is damaged: its sums are not what was written");
        }
        return new CheckedFile(file, channel, header, length, table);
    }

    private static ByteBuffer bytes(Path file, FileChannel channel, long at, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        if (at >= 0) {
            while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) > 0) {
                // on to the next part
            }
        }
        if (buffer.hasRemaining()) {
            throw new DamagedFileException(file + " is not whole: it ends too early");
        }
        return buffer.flip();
    }

    private static int sum(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    /** What the writer gave. */
    public byte[] header() {
        return header.clone();
    }

    /** Of the body, in bytes. */
    public long length() {
        return length;
    }

    /**
     * Reads and checks the block that a byte of the body is in.
     *
     * @param at from 0, less than the length
     * @return from that byte on to the end of its block
     * @throws DamagedFileException if it is not what was written
     */
    public ByteBuffer read(long at) throws IOException {
        long block = at / CheckedForm.BLOCK;
        long start = block * CheckedForm.BLOCK;
        int count = (int) Math.min(CheckedForm.BLOCK, length - start);
        ByteBuffer bytes = bytes(file, channel, header.length + CheckedForm.HEADER_EXTRA + start, count);
        if (sum(bytes.duplicate()) != sums.getInt((int) block * Integer.BYTES)) {
            throw new DamagedFileException(
                    file + " is damaged: its bytes from " + start + " on are not what was written");
        }
        return bytes.position((int) (at - start));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
