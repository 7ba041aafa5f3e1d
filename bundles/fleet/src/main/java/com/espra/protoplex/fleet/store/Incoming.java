package com.espra.protoplex.fleet.store;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A file that is being received: hashed while it is written. */
final class Incoming implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 * 1024;
    /** So that the store's last file does not leave the machine without a byte for its logs. */
    private static final long RESERVE_BYTES = 1024 * 1024;

    private final Path part;
    private final long size;
    private final FileChannel channel;
    private final MessageDigest digest = Sha256.digest();
    private long received;

    Incoming(Path part, long size, long offset) throws IOException, BuildException {
        this.part = part;
        this.size = size;
        long there = Files.isRegularFile(part) ? Files.size(part) : 0;
        if (offset < 0 || offset > there || offset > size) {
            throw new BuildException(
                    "cannot go on at byte " + offset + ": " + there + " bytes are here", "go on at byte " + there);
        }
        Disk.requireRoom(part.resolveSibling(""), size - offset, RESERVE_BYTES);
        channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            channel.truncate(offset);
            hashPrefix(offset);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    long received() {
        return received;
    }

    void receive(InputStream in) throws IOException, BuildException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (received + count > size) {
                discard();
                throw new ContentException(
                        "more came than the " + size + " bytes that were announced", "send the file again, as it is");
            }
            write(ByteBuffer.wrap(buffer, 0, count));
            digest.update(buffer, 0, count);
            received += count;
        }
    }

    /** Checks the hash, and forces the content to the disk. */
    void verify(String sha256) throws IOException, BuildException {
        String actual = Sha256.hex(digest.digest());
        if (!actual.equals(sha256)) {
            discard();
            throw new ContentException(
                    "the content was changed on its way: its sha256 is " + actual + ", not " + sha256,
                    "send the file again from its beginning");
        }
        try {
            channel.force(true);
        } catch (IOException e) {
            throw Disk.explain(e, part.resolveSibling(""), 0);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void hashPrefix(long offset) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (received < offset) {
            buffer.clear().limit((int) Math.min(BUFFER_BYTES, offset - received));
            int count = channel.read(buffer);
            if (count < 0) {
                throw new IOException(part + " became shorter while it was read");
            }
            digest.update(buffer.flip());
            received += count;
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            channel.truncate(received);
            throw Disk.explain(e, part.resolveSibling(""), size - received);
        }
    }

    private void discard() throws IOException {
        channel.close();
        Files.deleteIfExists(part);
    }
}
