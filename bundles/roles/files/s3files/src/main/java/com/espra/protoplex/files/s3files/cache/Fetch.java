package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A blob that is on its way into the cache, for however many ask for it: one thread of its own brings it, and each reader reads of its file what
 * is there. So nobody who asks, however slowly he reads or whenever he goes, has to do with the others.
 *
 * <p>Threads: the one that brings it, and any number that read.
 */
final class Fetch {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private @Nullable BlobInfo info;
    private @Nullable Path file;
    private @Nullable Path later;
    private long bodyStart;
    private long available;
    private boolean done;
    private @Nullable BlobException failure;
    private @Nullable Thread bringer;
    private boolean stalled;

    /** Said by the thread that brings it. */
    void brings() {
        lock.lock();
        try {
            bringer = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Nothing came for too long: the thread that brings it is to give up.
     *
     * @return false if that was said before, or it has ended
     */
    boolean stall() {
        lock.lock();
        try {
            if (stalled || done) {
                return false;
            }
            stalled = true;
            if (bringer != null) {
                bringer.interrupt(); // It ends under the lock, so it is not yet another fetch's.
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** There is one, and its bytes come. */
    void begun(BlobInfo found, Path into, Path whenWhole, long start) {
        lock.lock();
        try {
            info = found;
            file = into;
            later = whenWhole;
            bodyStart = start;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** So many bytes are in the file by now. */
    void progress(long bytes) {
        lock.lock();
        try {
            available = bytes;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more comes: all of it is there, or this is why not. */
    void end(@Nullable BlobException reason) {
        lock.lock();
        try {
            done = true;
            failure = reason;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until it is known what it is.
     *
     * @throws BlobException why it does not come; if nothing is heard for so long a {@link StalledException}
     */
    BlobInfo awaitInfo(Duration patience) throws BlobException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (info == null && !done) {
                left = await(left);
            }
            if (info != null) {
                return info;
            }
            throw failure != null ? failure : new BlobUnavailableException("the file did not come: try again");
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there are bytes behind a place.
     *
     * @return how many bytes there are from the beginning
     * @throws BlobException why there will be none
     */
    long await(long place, Duration patience) throws BlobException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (available <= place && !done) {
                left = await(left);
            }
            if (available <= place) {
                throw failure != null ? failure : new BlobException("the file ended too early");
            }
            return available;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // Whoever calls it loops.
    private long await(long nanos) throws BlobException {
        if (nanos <= 0) {
            throw new StalledException();
        }
        try {
            return news.awaitNanos(Math.min(nanos, TimeUnit.DAYS.toNanos(1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BlobUnavailableException("interrupted: this node is stopping", e);
        }
    }

    /** How many bytes are there. */
    long available() {
        lock.lock();
        try {
            return available;
        } finally {
            lock.unlock();
        }
    }

    /** Of its own for each reader, because who is interrupted closes it. */
    FileChannel channel() throws IOException {
        lock.lock();
        try {
            if (file == null || later == null) {
                throw new IOException("nothing is there yet");
            }
            try {
                return FileChannel.open(file, StandardOpenOption.READ);
            } catch (NoSuchFileException e) {
                return FileChannel.open(later, StandardOpenOption.READ);
            }
        } finally {
            lock.unlock();
        }
    }

    long bodyStart() {
        lock.lock();
        try {
            return bodyStart;
        } finally {
            lock.unlock();
        }
    }
}
