package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobNotFoundException;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.blob.core.checked.BlobHeader;
import com.espra.protoplex.blob.core.checked.CheckedFile;
import com.espra.protoplex.blob.core.checked.DamagedFileException;
import com.espra.protoplex.blob.core.hash.ContentAddress;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a store, from the disk of this machine if they are there.
 *
 * <p>Threads: safe from any; calls block.
 */
public final class FileCache implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileCache.class);

    private static final int MOST_ATTEMPTS = 2;
    /** So long a request waits for a look at the store; then it has what is here. */
    private static final Duration COMPARING = Duration.ofMillis(200);

    private final BlobStore store;
    private final CacheFolder folder;
    private final Freshness freshness;
    private final Fetches fetches;
    private final Comparisons comparisons;
    private final Duration patience;
    private final Runnable storeStalled;

    /**
     * @param store asked for what is not here
     * @param largest the largest file that is kept, in bytes
     * @param patience how long nothing may come of a file until the store counts as too slow
     * @param storeStalled run when it does; answers at once
     */
    public FileCache(
            BlobStore store,
            CacheFolder folder,
            Freshness freshness,
            long largest,
            Duration patience,
            Runnable storeStalled) {
        this.store = store;
        this.folder = folder;
        this.freshness = freshness;
        this.patience = patience;
        this.storeStalled = storeStalled;
        fetches = new Fetches(store, folder, freshness, largest);
        comparisons = new Comparisons(store, freshness, COMPARING);
    }

    /**
     * Finds a file.
     *
     * @return empty if it is not in the store
     * @throws BlobException if that cannot be known
     */
    public Optional<FileContent> find(String key) throws BlobException {
        String name = CacheFolder.name(key);
        if (freshness.isMissing(name)) {
            return Optional.empty();
        }
        if (freshness.isDamaged(name)) {
            throw new BlobDamagedException(
                    "the file '" + key + "' is damaged in the store: put it there once more, then it is served again");
        }
        try {
            FileContent kept = kept(key, name);
            return Optional.of(kept == null ? fetched(key, name) : kept);
        } catch (BlobNotFoundException e) {
            return Optional.empty();
        }
    }

    /** From the cache; null if it has to be fetched. */
    private @Nullable FileContent kept(String key, String name) throws BlobException {
        CachedContent cached = cached(key, name);
        if (cached != null) {
            boolean stays = false;
            try {
                stays = isCurrent(cached.info(), name);
            } finally {
                if (!stays) {
                    cached.close();
                }
            }
            if (stays) {
                return cached;
            }
            remove(name);
        }
        return null;
    }

    private @Nullable CachedContent cached(String key, String name) {
        CheckedFile opened = null;
        try {
            CheckedFile file = folder.open(name);
            opened = file;
            BlobInfo info = BlobHeader.read(file.header());
            if (!info.key().equals(key)) {
                throw new DamagedFileException("a file of the cache is that of another key");
            }
            CachedContent content = new CachedContent(store, info, file, cause -> damaged(name, cause));
            opened = null;
            return content;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            damaged(name, e);
            return null;
        } finally {
            close(opened);
        }
    }

    private static void close(@Nullable CheckedFile file) {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new IllegalStateException(e); // Closing what was only read does not fail.
            }
        }
    }

    private void damaged(String name, IOException cause) {
        LOG.warn("a file of the cache is no good, and is fetched again: {}", cause.toString());
        freshness.changed(name); // Else one that cannot be removed would count as what a fetch has brought.
        remove(name);
    }

    private void remove(String name) {
        try {
            folder.remove(name);
        } catch (IOException e) {
            LOG.warn("a file of the cache cannot be removed", e);
        }
    }

    /** While the store does not answer, what is here goes on. */
    private boolean isCurrent(BlobInfo info, String name) throws BlobNotFoundException {
        if (ContentAddress.isAddress(info.key()) || freshness.isCompared(name)) {
            return true;
        }
        return comparisons.isCurrent(info, name, () -> remove(name));
    }

    private FileContent fetched(String key, String name) throws BlobException {
        for (int attempt = 1; ; attempt++) {
            Fetch fetch = fetches.of(key);
            try {
                BlobInfo info = fetch.awaitInfo(patience);
                return new FetchContent(store, info, fetch, patience, () -> stalled(fetch));
            } catch (Fetches.ArrivedException e) {
                FileContent kept = kept(key, name);
                if (kept != null) {
                    return kept;
                }
                if (attempt >= MOST_ATTEMPTS) {
                    return new StoreContent(store, store.head(key));
                }
            } catch (Fetches.NotKeptException e) {
                return new StoreContent(store, e.info());
            } catch (BlobNotFoundException | BlobDamagedException e) {
                throw e;
            } catch (StalledException e) {
                stalled(fetch);
                throw e;
            } catch (BlobException e) {
                // Whoever waited for somebody else's attempt has one of his own.
                fetches.forget(key, fetch);
                if (attempt >= MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Of a fetch that stalls there is no second one beside it, and the store hears of it once, however many wait. */
    private void stalled(Fetch fetch) {
        if (fetch.stall()) {
            storeStalled.run();
        }
    }

    /** Live tells nothing any more: what is missing is remembered for a short time only. */
    public void hearsNothing() {
        freshness.hearsNothing();
    }

    /** It came, changed or went: what is known of it is forgotten, and what cannot be removed is compared before it is used. */
    public void changed(String key) {
        String name = CacheFolder.name(key);
        freshness.changed(name);
        fetches.forget(key);
        remove(name);
    }

    /** Whatever is known may be wrong: it is compared with the store before it is used again. */
    public void everythingMayHaveChanged() {
        freshness.everythingChanged();
        fetches.forgetAll();
    }

    /** How many fetches are under way. */
    public int fetching() {
        return fetches.count();
    }

    @Override
    public void close() {
        comparisons.close();
        fetches.close();
    }
}
