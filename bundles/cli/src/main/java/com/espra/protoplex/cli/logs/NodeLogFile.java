package com.espra.protoplex.cli.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node's log file, read as it grows. A file that is rotated away is read to its end before the new one is begun. */
final class NodeLogFile implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 * 1024;

    /** What lines of a file are. */
    enum Kind {
        /** Records, of several lines where there is a stack trace. */
        NODE,
        /** Requests. */
        ACCESS,
        /** Whatever a process printed. */
        CONSOLE
    }

    private final Kind kind;
    private final String node;
    private final Path file;
    private final ByteArrayOutputStream partLine = new ByteArrayOutputStream();
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private @Nullable LogRecord open;
    private @Nullable LogRecord last;

    NodeLogFile(String node, Path file) {
        this.node = node;
        this.file = file;
        String name = file.getFileName().toString();
        this.kind = name.endsWith("access.log") ? Kind.ACCESS : name.equals("console.log") ? Kind.CONSOLE : Kind.NODE;
    }

    /**
     * What was written since the last call.
     *
     * @param all whether the last record is complete, although no other follows it yet; otherwise it is held back until nothing
     *     more was written between two calls, for its stack trace may still be on its way
     */
    List<LogRecord> read(boolean all) throws IOException {
        List<LogRecord> records = new ArrayList<>();
        boolean grown = drain(records);
        if (wasReplaced()) {
            close();
            grown |= drain(records);
        }
        if (open != null && (all || !grown)) {
            records.add(open);
            last = open;
            open = null;
        }
        return records;
    }

    private boolean drain(List<LogRecord> records) throws IOException {
        FileChannel in = channel();
        if (in == null) {
            return false;
        }
        boolean grown = false;
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (in.read(buffer) > 0) {
            grown = true;
            buffer.flip();
            while (buffer.hasRemaining()) {
                octet(buffer.get(), records);
            }
            buffer.clear();
        }
        return grown;
    }

    private void octet(byte octet, List<LogRecord> records) throws IOException {
        if (octet != '\n') {
            partLine.write(octet);
            return;
        }
        String line = partLine.toString(StandardCharsets.UTF_8);
        partLine.reset();
        LogRecord begun = record(line);
        if (begun == null) {
            // A stack trace's lines belong to the record above them; what comes before any record is not one.
            if (open != null) {
                open = open.and(line);
            } else if (last != null) {
                open = last.later(line);
            }
            return;
        }
        if (open != null) {
            records.add(open);
        }
        open = begun;
    }

    private @Nullable LogRecord record(String line) throws IOException {
        return switch (kind) {
            case NODE -> LogRecord.begin(node, line);
            case ACCESS -> LogRecord.access(node, line);
            case CONSOLE ->
                LogRecord.console(node, Files.getLastModifiedTime(file).toInstant(), line);
        };
    }

    private @Nullable FileChannel channel() throws IOException {
        if (channel == null) {
            try {
                channel = FileChannel.open(file);
                key = identity();
            } catch (NoSuchFileException e) {
                return null;
            }
        }
        return channel;
    }

    private boolean wasReplaced() throws IOException {
        FileChannel in = channel;
        return in != null
                && Files.exists(file)
                && (!Objects.equals(key, identity()) || Files.size(file) < in.position());
    }

    private @Nullable Object identity() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
