package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobNotFoundException;
import com.espra.protoplex.api.blob.BlobStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares files of the cache with the store: one look for a key, however many ask, and none of them waits for it for long. What is here is served
 * as long as nothing is heard; what a look finds later counts for those who ask then.
 *
 * <p>Threads: safe from any. Each look has a thread.
 */
final class Comparisons implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Comparisons.class);

    private static final int MOST = 64;

    private final BlobStore store;
    private final Freshness freshness;
    private final long patienceNanos;
    private final Map<String, Look> underWay = new ConcurrentHashMap<>();
    private final Semaphore permits = new Semaphore(MOST);
    private final ExecutorService threads = FetchThreads.open();

    /** @param patience how long the first one who asks waits for a look */
    Comparisons(BlobStore store, Freshness freshness, Duration patience) {
        this.store = store;
        this.freshness = freshness;
        patienceNanos = patience.toNanos();
    }

    /**
     * Empty: it is not in the store.
     *
     * @param began by {@link System#nanoTime}
     */
    private record Look(long began, CompletableFuture<Optional<String>> tag) {}

    /**
     * Whether it is in the store as it is here, or nothing is heard of that.
     *
     * @param other run if it is in the store no more, or as another one; perhaps later
     * @throws BlobNotFoundException if it is not there
     */
    boolean isCurrent(BlobInfo info, String name, Runnable other) throws BlobNotFoundException {
        Look look = underWay.get(name);
        if (look == null) {
            look = begin(info, name, other);
        }
        Optional<String> tag;
        try {
            long left = patienceNanos - (System.nanoTime() - look.began());
            tag = look.tag().get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return true; // While the store does not answer, or is slow, what is here goes on.
        }
        if (tag.isEmpty()) {
            throw new BlobNotFoundException("there is no blob '" + info.key() + "' any more");
        }
        return tag.get().equals(info.tag());
    }

    private Look begin(BlobInfo info, String name, Runnable other) {
        Look look = new Look(System.nanoTime(), new CompletableFuture<>());
        if (!permits.tryAcquire()) {
            look.tag().completeExceptionally(new BlobException("too many files are compared"));
            return look;
        }
        Look known = underWay.putIfAbsent(name, look);
        if (known != null) {
            permits.release();
            return known;
        }
        threads.execute(() -> {
            try {
                run(info, name, other, look.tag());
            } finally {
                underWay.remove(name, look);
                permits.release();
            }
        });
        return look;
    }

    private void run(BlobInfo info, String name, Runnable other, CompletableFuture<Optional<String>> answer) {
        int stamp = freshness.stamp(name);
        try {
            String tag = store.head(info.key()).tag();
            if (tag.equals(info.tag())) {
                freshness.compared(name, stamp);
            } else {
                other.run();
            }
            answer.complete(Optional.of(tag));
        } catch (BlobNotFoundException e) {
            freshness.missing(name, stamp);
            other.run();
            answer.complete(Optional.empty());
        } catch (BlobException e) {
            answer.completeExceptionally(e);
        } catch (RuntimeException e) {
            LOG.error("comparing a file failed", e);
            answer.completeExceptionally(e);
        }
    }

    /** Ends all. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
