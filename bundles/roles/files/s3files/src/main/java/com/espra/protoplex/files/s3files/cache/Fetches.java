package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobNotFoundException;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import com.espra.protoplex.api.blob.OpenBlob;
import com.espra.protoplex.blob.core.checked.BlobHeader;
import com.espra.protoplex.blob.core.checked.CheckedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings blobs into the cache: one fetch for a key, however many ask.
 *
 * <p>Threads: safe from any. Each fetch has a thread.
 */
final class Fetches implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Fetches.class);

    private static final int BUFFER = 64 * 1024;
    private static final int MOST = 256;
    private static final int ADMISSIONS = 64;

    private final BlobStore store;
    private final CacheFolder folder;
    private final Freshness freshness;
    private final long largest;
    private final Map<String, Fetch> underWay = new ConcurrentHashMap<>();
    private final List<ReentrantLock> admissions =
            Stream.generate(ReentrantLock::new).limit(ADMISSIONS).toList();
    private final Semaphore permits = new Semaphore(MOST);
    private final ExecutorService threads = FetchThreads.open();

    /** @param largest the largest blob that is kept, in bytes */
    Fetches(BlobStore store, CacheFolder folder, Freshness freshness, long largest) {
        this.store = store;
        this.folder = folder;
        this.freshness = freshness;
        this.largest = largest;
    }

    /**
     * The one that brings this key, which begins if there is none.
     *
     * @throws BlobUnavailableException if too many are under way
     */
    Fetch of(String key) throws BlobUnavailableException {
        Fetch known = underWay.get(key);
        if (known != null) {
            return known;
        }
        if (!permits.tryAcquire()) {
            throw new BlobUnavailableException("too many files are being fetched: try again");
        }
        Fetch fetch = new Fetch();
        Fetch other = underWay.putIfAbsent(key, fetch);
        if (other != null) {
            permits.release();
            return other;
        }
        threads.execute(() -> {
            try {
                fetch.brings();
                run(key, fetch);
            } finally {
                forget(key, fetch);
                permits.release();
            }
        });
        return fetch;
    }

    /** Whoever asks from now on begins anew: of one that has failed. One that does not get on stays until it has ended. */
    void forget(String key, Fetch fetch) {
        underWay.remove(key, fetch);
    }

    /** After a change: what is on its way may be what was before. */
    void forget(String key) {
        underWay.remove(key);
    }

    /** Of all of them. */
    void forgetAll() {
        underWay.clear();
    }

    private void run(String key, Fetch fetch) {
        String name = CacheFolder.name(key);
        int stamp = freshness.stamp(name);
        if (freshness.isCompared(name) && Files.exists(folder.file(name))) {
            end(key, fetch, new ArrivedException()); // Another one ended between a look at the cache and this.
            return;
        }
        try (OpenBlob blob = store.open(key, 0, Long.MAX_VALUE)) {
            if (blob.info().properties().length() > largest) {
                end(key, fetch, new NotKeptException(blob.info()));
            } else {
                keep(key, stamp, blob, fetch);
            }
        } catch (BlobNotFoundException e) {
            freshness.missing(name, stamp);
            end(key, fetch, e);
        } catch (BlobDamagedException e) {
            LOG.warn("a file is not served: {}", e.toString());
            freshness.damaged(name, stamp);
            end(key, fetch, e);
        } catch (BlobException e) {
            end(key, fetch, e);
        } catch (RuntimeException e) {
            LOG.error("fetching a file failed", e);
            end(key, fetch, new BlobException("internal error", e));
        }
    }

    /** Whoever hears of the end, and asks again, has another fetch, and not what this one said. */
    private void end(String key, Fetch fetch, @Nullable BlobException reason) {
        forget(key, fetch);
        fetch.end(reason);
    }

    private void keep(String key, int stamp, OpenBlob blob, Fetch fetch) throws BlobException {
        String name = CacheFolder.name(key);
        Path part = folder.part();
        try (CacheFolder.Room room = folder.reserve(blob.info().properties().length())) {
            if (room == null) {
                end(key, fetch, new NotKeptException(blob.info()));
                return;
            }
            try (CheckedWriter writer = new CheckedWriter(part, BlobHeader.write(blob.info()))) {
                fetch.begun(blob.info(), part, folder.file(name), writer.bodyStart());
                copy(blob, writer, fetch);
                if (writer.length() != blob.info().properties().length()) {
                    throw new BlobUnavailableException("the store sent " + writer.length() + " bytes of "
                            + blob.info().properties().length());
                }
                writer.finish(false);
            }
            room.giveBack();
            admit(name, stamp, part, blob.info().properties().length());
            end(key, fetch, null);
        } catch (BlobException e) {
            throw e;
        } catch (IOException e) {
            // The disk of the cache: it is full, for instance. Files are served from the store then.
            LOG.warn("a file is not kept in the cache: {}", e.toString());
            end(key, fetch, new NotKeptException(blob.info()));
        } finally {
            delete(part);
        }
    }

    /** What was fetched before a change never takes the place of what was fetched after it. */
    private void admit(String name, int stamp, Path part, long bytes) throws IOException {
        ReentrantLock admission = admissions.get(Math.floorMod(name.hashCode(), ADMISSIONS));
        admission.lock();
        try {
            if (freshness.stamp(name) == stamp) {
                folder.admit(name, part, bytes);
                if (!freshness.compared(name, stamp)) {
                    folder.remove(name);
                }
            }
        } finally {
            admission.unlock();
        }
    }

    private static void copy(OpenBlob blob, CheckedWriter writer, Fetch fetch) throws IOException {
        InputStream body = blob.body();
        byte[] buffer = new byte[BUFFER];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            writer.write(buffer, 0, count);
            fetch.progress(writer.length());
        }
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: the next start does it", part, e);
        }
    }

    int count() {
        return underWay.size();
    }

    /** Ends all. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** It came meanwhile. */
    static final class ArrivedException extends BlobException {

        private static final long serialVersionUID = 1L;

        ArrivedException() {
            super("the file is in the cache by now");
        }
    }

    /** There is such a blob, and it is to be read from the store itself. */
    static final class NotKeptException extends BlobException {

        private static final long serialVersionUID = 1L;

        private final transient BlobInfo info;

        NotKeptException(BlobInfo info) {
            super("the file is not kept in the cache");
            this.info = info;
        }

        BlobInfo info() {
            return info;
        }
    }
}
