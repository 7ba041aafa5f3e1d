package com.espra.protoplex.files.s3files;

import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.files.s3files.cache.CacheFolder;
import com.espra.protoplex.files.s3files.cache.CircuitBreaker;
import com.espra.protoplex.files.s3files.cache.FileCache;
import com.espra.protoplex.files.s3files.cache.Freshness;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cache of this node, while the role is there. */
@Component(service = CachedFiles.class, configurationPid = S3FilesConfig.PID)
public final class CachedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(CachedFiles.class);

    private static final int MOST_REMEMBERED = 100_000;
    private static final int SMALLEST_MIB = 16;
    private static final int LARGEST_PART = 4;
    private static final Duration MISSING_WITH_LIVE = Duration.ofMinutes(10);
    private static final Duration MISSING_ALONE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final CacheFolder folder;
    private final Freshness freshness;
    private final CircuitBreaker store;
    private final FileCache cache;
    private final Future<?> looks;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("s3files-cache").factory());

    /** Opens it. */
    @Activate
    public CachedFiles(@Reference BlobStore blobs, @Reference Node node, @Reference Meters meters, S3FilesConfig config)
            throws IOException {
        if (config.cacheMiB() < SMALLEST_MIB) {
            throw new IllegalArgumentException("cacheMiB: use at least " + SMALLEST_MIB);
        }
        if (config.compareSeconds() < 1 || config.patienceSeconds() < 1) {
            throw new IllegalArgumentException("compareSeconds, patienceSeconds: use at least 1");
        }
        long most = (long) config.cacheMiB() << 20;
        folder = new CacheFolder(node.data("s3files"), most);
        freshness = new Freshness(
                MOST_REMEMBERED,
                MISSING_WITH_LIVE,
                MISSING_ALONE,
                Duration.ofSeconds(config.compareSeconds()),
                System::nanoTime);
        store = new CircuitBreaker(blobs, PAUSE, System::nanoTime);
        cache = new FileCache(
                store,
                folder,
                freshness,
                most / LARGEST_PART,
                Duration.ofSeconds(config.patienceSeconds()),
                store::stalled);
        meters.gauge("cache_bytes", "What the cache takes on the disk", folder::bytes);
        looks = timer.scheduleWithFixedDelay(this::reconcile, 1, 1, TimeUnit.MINUTES);
    }

    private void reconcile() {
        try {
            folder.reconcile();
        } catch (IOException | RuntimeException e) {
            LOG.warn("the cache cannot look at its folder, and goes on with what it knows", e);
        }
    }

    FileCache cache() {
        return cache;
    }

    /** What there is, for a table. */
    public record CacheFacts(int files, long bytes, int missing, int fetching, boolean storeIsAnswering) {}

    CacheFacts facts() {
        return new CacheFacts(
                folder.count(), folder.bytes(), freshness.missingCount(), cache.fetching(), !store.isOpen());
    }

    @Deactivate
    void close() {
        looks.cancel(false);
        timer.shutdownNow();
        cache.close();
    }
}
