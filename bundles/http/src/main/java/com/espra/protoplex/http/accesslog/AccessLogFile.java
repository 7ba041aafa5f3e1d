package com.espra.protoplex.http.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A log in a file, of bounded size: a file that is full becomes {@code .1}, that becomes {@code .2}, and the last one goes. Whoever moves
 * the file away gets a new one. For one thread.
 */
final class AccessLogFile implements AccessLog.Sink {

    private final Path path;
    private final long fileBytes;
    private final int files;
    private @Nullable FileChannel channel;
    private @Nullable Object identity;
    private long size;

    /**
     * @param path opened with the first line
     * @param fileBytes the size at which a new file is begun
     * @param files how many old ones are kept beside the one that is written
     */
    AccessLogFile(Path path, long fileBytes, int files) {
        this.path = path;
        this.fileBytes = fileBytes;
        this.files = files;
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        try {
            FileChannel to = current(lines.remaining());
            while (lines.hasRemaining()) {
                size += to.write(lines);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private FileChannel current(int coming) throws IOException {
        FileChannel open = channel;
        if (open != null && size > 0 && size + coming > fileBytes) {
            close();
            rotate();
        } else if (open != null && !isStillThere()) {
            close();
        } else if (open != null) {
            return open;
        }
        return open();
    }

    private FileChannel open() throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        FileChannel opened = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                // It says which client did what: not for everybody on the machine.
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        channel = opened;
        size = opened.size();
        identity = identity();
        if (endsAmidALine()) {
            size += opened.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        return opened;
    }

    /** A full disk or a killed process leaves half a line. */
    private boolean endsAmidALine() throws IOException {
        if (size == 0) {
            return false;
        }
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return in.read(last, size - 1) == 1 && last.get(0) != '\n';
        }
    }

    private boolean isStillThere() {
        Object now = identity();
        return now != null && now.equals(identity);
    }

    private @Nullable Object identity() {
        try {
            return Files.getAttribute(path, "unix:ino");
        } catch (IOException gone) {
            return null;
        }
    }

    private void rotate() throws IOException {
        for (int number = files - 1; number >= 1; number--) {
            if (Files.exists(numbered(number))) {
                Files.move(numbered(number), numbered(number + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(path, numbered(1), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
