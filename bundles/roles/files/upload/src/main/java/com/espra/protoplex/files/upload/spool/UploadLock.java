package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.files.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final Duration AGAIN = Duration.ofMillis(20);

    /** Of this generation. */
    private static final Map<Path, Thread> HOLDERS = new ConcurrentHashMap<>();

    private final Path folder;
    private final FolderLock lock;

    private UploadLock(Path folder, FolderLock lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Empty if another one works on it and does not end in a second.
     *
     * @throws NoSuchFileException if there is no such upload any more
     */
    static Optional<UploadLock> take(Path folder) throws IOException, InterruptedException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            HOLDERS.computeIfPresent(folder, (_, holder) -> {
                holder.interrupt();
                return holder;
            });
            try {
                FolderLock lock = FolderLock.take(folder, AGAIN);
                HOLDERS.put(folder, Thread.currentThread());
                return Optional.of(new UploadLock(folder, lock));
            } catch (IOException e) {
                LOG.debug("{} is not to be had yet", folder, e);
            }
            if (System.nanoTime() - end > 0) {
                return Optional.empty();
            }
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
    public void close() {
        HOLDERS.remove(folder, Thread.currentThread());
        // Who wants it may have interrupted this thread: that was for this work, and not for what the thread does next.
        if (Thread.interrupted()) {
            LOG.debug("another request took over {}", folder);
        }
        lock.close();
    }
}
