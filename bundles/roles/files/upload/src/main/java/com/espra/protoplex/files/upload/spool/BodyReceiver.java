package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.files.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Takes the bytes of a client: to the disk and into the hashes, durable every 16 MiB, as long as the disk has room. */
final class BodyReceiver {

    private static final int BUFFER = 256 * 1024;
    private static final long CHECKPOINT = 16 << 20;
    private static final long NEWS_NANOS = 1_000_000_000L;

    private final long reserveBytes;
    private final ExecutorService hashing;
    private final UploadNews news;

    /** @param reserveBytes what is left free on the disk */
    BodyReceiver(long reserveBytes, ExecutorService hashing, UploadNews news) {
        this.reserveBytes = reserveBytes;
        this.hashing = hashing;
        this.news = news;
    }

    /**
     * Takes all that comes.
     *
     * @param most how long the file may become
     * @throws UploadRefusedException if more comes, or something else than the checksum says
     * @throws CutException if the client breaks off: what came is durable, unless it was to be compared with a checksum
     * @throws com.espra.protoplex.files.DiskFullException if there is no room for it
     */
    UploadState receive(Path folder, UploadState state, long most, @Nullable BodyChecksum checksum, InputStream body)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        long told = System.nanoTime();
        try (BodyWriter writer = new BodyWriter(folder, state, hashing)) {
            long last = writer.written();
            while (true) {
                Filled filled = fill(body, buffer);
                if (filled.count() > most - writer.written()) {
                    throw new UploadRefusedException(413, "the file has at most " + most + " bytes");
                }
                writer.write(buffer, filled.count());
                boolean isMuch = writer.written() - last >= CHECKPOINT;
                if (isMuch) {
                    Disk.requireRoom(folder, CHECKPOINT, reserveBytes);
                    last = writer.written();
                }
                if (checksum != null) {
                    checksum.digest().update(buffer, 0, filled.count());
                } else if (filled.broken() != null || isMuch) {
                    writer.checkpoint(); // What came is kept, also before a cut: the client goes on there.
                }
                if (filled.broken() != null) {
                    throw new CutException(filled.broken());
                }
                if (filled.count() < BUFFER) {
                    break;
                }
                if (System.nanoTime() - told > NEWS_NANOS) {
                    news.progress(state, writer.written());
                    told = System.nanoTime();
                }
            }
            if (checksum != null && !checksum.isRight()) {
                throw new UploadRefusedException(460, "the bytes have another sum than was said: send them again");
            }
            return writer.checkpoint();
        }
    }

    /**
     * What a client sent.
     *
     * @param count of bytes
     * @param broken why no more comes, if that is not the end
     */
    private record Filled(int count, @Nullable IOException broken) {}

    private static Filled fill(InputStream body, byte[] buffer) throws UploadRefusedException {
        int count = 0;
        try {
            while (count < buffer.length) {
                int some = body.read(buffer, count, buffer.length - count);
                if (some < 0) {
                    break;
                }
                count += some;
            }
            return new Filled(count, null);
        } catch (UploadRefusedException e) {
            throw e;
        } catch (IOException e) {
            return new Filled(count, e);
        }
    }
}
