package com.espra.protoplex.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers why it could not be written: a {@code PrintWriter} only remembers that it could not. */
final class StandardOutput extends OutputStream {

    private static final Path LINK = Path.of("/proc/self/fd/1");

    private final OutputStream out;
    private final boolean stream;
    private volatile @Nullable IOException failure;

    /** Of this process. */
    StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out), isStream());
    }

    /** @param stream whether another program reads it, which may have read enough */
    StandardOutput(OutputStream out, boolean stream) {
        this.out = out;
        this.stream = stream;
    }

    private static boolean isStream() {
        try {
            return Files.readSymbolicLink(LINK).toString().matches("(pipe|socket):.*");
        } catch (IOException e) {
            return false; // a system without /proc
        }
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        try {
            out.write(bytes, from, count);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Why not all of it was written; nothing when its reader has closed it, as {@code head} does: it has what it wants. */
    Optional<String> problem() {
        IOException cause = failure;
        if (cause == null) {
            return Optional.empty();
        }
        String message = String.valueOf(cause.getMessage());
        return stream || message.contains("Broken pipe") ? Optional.empty() : Optional.of(message);
    }
}
