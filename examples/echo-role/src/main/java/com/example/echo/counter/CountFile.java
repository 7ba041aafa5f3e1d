package com.example.echo.counter;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A number in a file, which one process may have open at a time. */
final class CountFile implements Closeable {

    private final FileChannel file;
    private final FileLock lock;
    private long count;

    CountFile(Path path) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        lock = file.lock();
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        count = file.read(number, 0) == Long.BYTES ? number.flip().getLong() : 0;
    }

    /** The next number, which is on the disk when it is given. */
    synchronized long next() {
        try {
            file.write(ByteBuffer.allocate(Long.BYTES).putLong(0, count + 1), 0);
            file.force(false);
            return ++count;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number that was given last. */
    synchronized long last() {
        return count;
    }

    @Override
    public synchronized void close() throws IOException {
        lock.release();
        file.close();
    }
}
