package com.espra.protoplex.app.session;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A small file that is replaced often: its content is in one of two places, and the next goes to the other one. So whoever is killed
 * leaves the old content or the new one, as with a file that is renamed over another; but file systems bring a renamed file to the disk
 * at once, which takes a hundred times as long.
 *
 * <p>The file begins with a table: a magic number and the size of a place, then for each place an entry: the number of its content, which
 * is the larger one where the content is newer, its length, and its checksum. The entry is written after the content. A content that is
 * too large for its place makes a new file.
 *
 * <p>Threads and processes: any number may read; only one at a time may write.
 */
final class TwoPlaceFile {

    private static final int MAGIC = 0x50505332;
    private static final int ENTRY = Long.BYTES + 2 * Integer.BYTES;
    private static final int TABLE = 64;
    private static final int FIRST_ENTRY = 2 * Integer.BYTES;

    private static final int BLOCK = 4096;
    private static final int SMALL = (BLOCK - TABLE) / 2;
    private static final int LARGEST = 1 << 29;

    /** A writer may come in between twice; nobody is so fast this often. */
    private static final int TRIES = 1_000;

    private final Path path;

    TwoPlaceFile(Path path) {
        this.path = path;
    }

    /** A file that has no whole content, as a loss of power may leave it. */
    static final class DamagedException extends IOException {
        DamagedException(Path file) {
            super(file + " has no whole content");
        }
    }

    /** What the file says of one place. */
    private record Entry(long number, int length, int checksum, long offset) {}

    /** The beginning of the file. */
    private record Table(int size, Entry first, Entry second) {
        Entry newest() {
            return first.number > second.number ? first : second;
        }

        Entry oldest() {
            return first.number > second.number ? second : first;
        }

        int positionOf(Entry entry) {
            return entry.equals(first) ? FIRST_ENTRY : FIRST_ENTRY + ENTRY;
        }
    }

    /**
     * The content; empty if there is no file.
     *
     * @throws DamagedException if the file has none
     */
    Optional<byte[]> read() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            byte[] all;
            try {
                all = Files.readAllBytes(path);
            } catch (NoSuchFileException missing) {
                return Optional.empty();
            }
            byte[] content = newest(all);
            if (content != null) {
                return Optional.of(content);
            }
            if (table(all) == null) {
                break;
            }
            Thread.onSpinWait();
        }
        throw new DamagedException(path);
    }

    private static byte @Nullable [] newest(byte[] all) {
        Table table = table(all);
        if (table == null) {
            return null;
        }
        Entry newest = table.newest();
        if (newest.length < 0 || newest.offset + newest.length > all.length) {
            return null;
        }
        byte[] content = Arrays.copyOfRange(all, (int) newest.offset, (int) newest.offset + newest.length);
        return checksum(content) == newest.checksum ? content : null;
    }

    /**
     * How the content begins, and how long it is; unlike {@link #read} it may be torn by a writer.
     *
     * @throws IOException if there is no file, or it has no content
     */
    Beginning beginning(int bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            Table table = table(file);
            if (table == null) {
                throw new DamagedException(path);
            }
            Entry newest = table.newest();
            byte[] begin = new byte[Math.clamp(newest.length, 0, bytes)];
            file.seek(newest.offset);
            file.readFully(begin);
            return new Beginning(ByteBuffer.wrap(begin), newest.length);
        }
    }

    /** The first bytes of a content, and its length. */
    record Beginning(ByteBuffer bytes, int length) {}

    /** Replaces the content. */
    void write(byte[] content) throws IOException {
        if (!Files.exists(path) || !writeInPlace(content)) {
            writeAnew(content);
        }
    }

    /** False if there is no room, or no table. */
    private boolean writeInPlace(byte[] content) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            Table table = table(file);
            if (table == null || content.length > table.size) {
                return false;
            }
            Entry to = table.oldest();
            file.seek(to.offset);
            file.write(content);
            file.seek(table.positionOf(to));
            file.write(entry(table.newest().number + 1, content));
            return true;
        }
    }

    private void writeAnew(byte[] content) throws IOException {
        Path whole = path.resolveSibling(path.getFileName() + ".tmp");
        try (RandomAccessFile file = new RandomAccessFile(whole.toFile(), "rw")) {
            file.setLength(0);
            begin(file, content, 1);
        }
        Files.move(whole, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void begin(RandomAccessFile file, byte[] content, long number) throws IOException {
        if (content.length > LARGEST) {
            throw new IOException(content.length + " bytes are too many");
        }
        int size = sizeFor(content.length);
        file.seek(TABLE);
        file.write(content);
        ByteBuffer table = ByteBuffer.allocate(TABLE);
        table.putInt(MAGIC).putInt(size).put(entry(number, content));
        file.seek(0);
        file.write(table.array());
    }

    /** With room to grow; small ones share a block. */
    private static int sizeFor(int length) {
        if (length <= SMALL) {
            return SMALL;
        }
        int roomy = length + length / 4;
        return (roomy + BLOCK - 1) / BLOCK * BLOCK;
    }

    private static byte[] entry(long number, byte[] content) {
        return ByteBuffer.allocate(ENTRY)
                .putLong(number)
                .putInt(content.length)
                .putInt(checksum(content))
                .array();
    }

    private static int checksum(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        return (int) checksum.getValue();
    }

    private static @Nullable Table table(RandomAccessFile file) throws IOException {
        byte[] begin = new byte[TABLE];
        try {
            file.seek(0);
            file.readFully(begin);
        } catch (EOFException tooShort) {
            return null;
        }
        return table(begin);
    }

    private static @Nullable Table table(byte[] begin) {
        if (begin.length < TABLE) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(begin);
        if (buffer.getInt() != MAGIC) {
            return null;
        }
        int size = buffer.getInt();
        if (size < SMALL || size > 2 * LARGEST - BLOCK) {
            return null;
        }
        Entry first = new Entry(buffer.getLong(), buffer.getInt(), buffer.getInt(), TABLE);
        Entry second = new Entry(buffer.getLong(), buffer.getInt(), buffer.getInt(), TABLE + (long) size);
        return new Table(size, first, second);
    }
}
