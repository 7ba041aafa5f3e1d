package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.blob.core.hash.ResumableSha256;
import com.espra.protoplex.blob.core.hash.Whirlpool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Writes the body of an upload, and hashes it from the same bytes: one hash on the thread that reads, with the disk, the other one beside it.
 *
 * <p>Threads: one at a time.
 */
final class BodyWriter implements AutoCloseable {

    private static final String FILE = "body";

    private final Path folder;
    private final ExecutorService hashing;
    // A channel would be closed if its thread were interrupted, which is how a connection that hangs is ended.
    private final RandomAccessFile file;
    private final ResumableSha256 sha256;
    private final Whirlpool whirlpool;
    private UploadState state;
    private long written;

    /** Goes on where the state says; what is behind that is cut off. */
    BodyWriter(Path folder, UploadState state, ExecutorService hashing) throws IOException {
        this.folder = folder;
        this.state = state;
        this.hashing = hashing;
        sha256 = ResumableSha256.from(state.sha256());
        whirlpool = Whirlpool.from(state.whirlpool());
        written = state.offset();
        file = new RandomAccessFile(body(folder).toFile(), "rw");
        boolean opened = false;
        try {
            if (file.length() < written) {
                throw new DamagedBodyException(folder + " has lost bytes that were durable");
            }
            file.setLength(written);
            file.seek(written);
            opened = true;
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    /**
     * Cuts off what is behind the place of the state: bytes that nobody was told are kept.
     *
     * @throws DamagedBodyException if there is less
     */
    static void trim(Path folder, UploadState state) throws IOException {
        try (RandomAccessFile body = new RandomAccessFile(body(folder).toFile(), "rw")) {
            if (body.length() < state.offset()) {
                throw new DamagedBodyException(folder + " has lost bytes that were durable");
            }
            if (body.length() > state.offset()) { // Else its age would be that of the last attempt.
                body.setLength(state.offset());
            }
        }
    }

    static Path body(Path folder) {
        return folder.resolve(FILE);
    }

    void write(byte[] bytes, int count) throws IOException {
        Future<?> beside = hashing.submit(() -> whirlpool.update(bytes, 0, count));
        try {
            sha256.update(bytes, 0, count);
            file.write(bytes, 0, count);
            written += count;
        } finally {
            await(beside);
        }
    }

    /** Not interrupted: the bytes are the other thread's until it is done, which is in a millisecond. */
    private static void await(Future<?> beside) throws IOException {
        boolean interrupted = false;
        while (true) {
            try {
                beside.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw new IOException("hashing failed", e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    long written() {
        return written;
    }

    /** What was written is durable from now on. */
    UploadState checkpoint() throws IOException {
        if (written != state.offset()) {
            file.getFD().sync();
            UploadState next = state.withOffset(written, sha256.state(), whirlpool.state());
            UploadStateFile.write(folder, next);
            state = next;
        }
        return state;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
