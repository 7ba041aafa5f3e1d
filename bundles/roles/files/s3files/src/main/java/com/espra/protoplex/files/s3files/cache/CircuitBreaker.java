package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobPage;
import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import com.espra.protoplex.api.blob.OpenBlob;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A store that is left alone for a while when it did not answer several times in a row: whoever asks meanwhile is told so at once. After that
 * time one call tries it.
 *
 * <p>Threads: safe from any.
 */
public final class CircuitBreaker implements BlobStore {

    private static final int MOST_FAILURES = 5;

    private final BlobStore store;
    private final long pauseNanos;
    private final LongSupplier nanos;
    private int failures;
    private long opened;

    /**
     * Guards a store.
     *
     * @param pause how long it is left alone
     */
    public CircuitBreaker(BlobStore store, Duration pause, LongSupplier nanos) {
        this.store = store;
        pauseNanos = pause.toNanos();
        this.nanos = nanos;
    }

    private interface Call<T> {

        T run() throws BlobException;
    }

    private <T> T guarded(Call<T> call) throws BlobException {
        enter();
        boolean answered = true;
        try {
            return call.run();
        } catch (BlobUnavailableException e) {
            answered = false;
            throw e;
        } finally {
            leave(answered);
        }
    }

    private synchronized void enter() throws BlobUnavailableException {
        if (failures >= MOST_FAILURES) {
            long now = nanos.getAsLong();
            if (now - opened < pauseNanos) {
                throw new BlobUnavailableException(
                        "the store of files does not answer: it is asked again in a few seconds");
            }
            opened = now; // This one tries it; the others wait for another pause, or its success.
        }
    }

    private synchronized void leave(boolean answered) {
        if (answered) {
            failures = 0;
        } else if (++failures == MOST_FAILURES) {
            opened = nanos.getAsLong();
        }
    }

    /** It did not answer in time, whatever the call says that is still waiting. */
    public void stalled() {
        leave(false);
    }

    /** Whether it is left alone now. */
    public synchronized boolean isOpen() {
        return failures >= MOST_FAILURES;
    }

    @Override
    public BlobInfo head(String key) throws BlobException {
        return guarded(() -> store.head(key));
    }

    @Override
    public OpenBlob open(String key, long from, long length) throws BlobException {
        return guarded(() -> store.open(key, from, length));
    }

    @Override
    public BlobInfo put(String key, BlobProperties properties, InputStream body) throws BlobException {
        return guarded(() -> store.put(key, properties, body));
    }

    @Override
    public void delete(String key) throws BlobException {
        guarded(() -> {
            store.delete(key);
            return key;
        });
    }

    @Override
    public BlobPage list(String prefix, String after, int most) throws BlobException {
        return guarded(() -> store.list(prefix, after, most));
    }
}
