package com.espra.protoplex.files.upload.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who works on an upload: one at a time, of all processes and generations. Who comes second ends the first one, whose connection is mostly dead, and
 * takes over what he has made durable.
 */
final class UploadLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UploadLock.class);

    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final long AGAIN_MILLIS = 5;

    /** Of this generation. */
    private static final Map<Path, Thread> HOLDERS = new ConcurrentHashMap<>();

    private final Path folder;
    private final FileChannel channel;

    private UploadLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** Empty if another one works on it and does not end in a second. */
    static Optional<UploadLock> take(Path folder) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            while (!lock(channel)) {
                HOLDERS.computeIfPresent(folder, (_, holder) -> {
                    holder.interrupt();
                    return holder;
                });
                if (System.nanoTime() - end > 0) {
                    return Optional.empty();
                }
                Thread.sleep(AGAIN_MILLIS);
            }
            HOLDERS.put(folder, Thread.currentThread());
            taken = true;
            return Optional.of(new UploadLock(folder, channel));
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // Another one of this process has it.
        }
    }

    /** From now on nobody ends this work: it does not wait for a client any more. */
    void keep() {
        HOLDERS.remove(folder, Thread.currentThread());
        if (Thread.interrupted()) {
            LOG.debug("another request came too late to take over {}", folder);
        }
    }

    @Override
    public void close() throws IOException {
        HOLDERS.remove(folder, Thread.currentThread());
        // Who wants it may have interrupted this thread: that was for this work, and not for what the thread does next.
        if (Thread.interrupted()) {
            LOG.debug("another request took over {}", folder);
        }
        channel.close();
    }
}
