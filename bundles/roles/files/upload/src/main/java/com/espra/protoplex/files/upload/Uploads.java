package com.espra.protoplex.files.upload;

import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.live.KeyListener;
import com.espra.protoplex.api.live.Live;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.files.upload.ledger.DatastoreLedger;
import com.espra.protoplex.files.upload.ledger.UploadLedger;
import com.espra.protoplex.files.upload.spool.UploadSpool;
import com.google.cloud.datastore.Datastore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Uploads of this node, while the role is there. */
@Component(service = Uploads.class, configurationPid = UploadConfig.PID)
public final class Uploads {

    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    /** Longer than anything is repeated. */
    private static final Duration REMEMBERED = Duration.ofDays(90);

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable Live live;

    private final LocalCaches caches = new LocalCaches();
    private final UploadLedger ledger;
    private final UploadSpool spool;
    private final Future<?> sweeps;
    private final Future<?> forgets;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("upload-sweep").factory());

    /** Opens the folder; what is whole in it is finished soon. */
    @Activate
    public Uploads(
            @Reference BlobStore store, @Reference Datastore datastore, @Reference Node node, UploadConfig config)
            throws IOException {
        if (config.lifetimeHours() < 1) {
            throw new IllegalArgumentException("lifetimeHours: use at least 1");
        }
        ledger = new DatastoreLedger(datastore);
        spool = new UploadSpool(
                node.data("upload"),
                (long) config.reserveMiB() << 20,
                Duration.ofHours(config.lifetimeHours()),
                store,
                ledger,
                new LiveNews(() -> live, caches::changed),
                System::nanoTime);
        sweeps = timer.scheduleWithFixedDelay(this::sweep, 5, 30, TimeUnit.SECONDS);
        forgets = timer.scheduleWithFixedDelay(this::forget, 1, 60, TimeUnit.MINUTES);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bind(KeyListener listener, Map<String, Object> properties) {
        caches.add(listener, properties);
    }

    void unbind(KeyListener listener) {
        caches.remove(listener);
    }

    private void sweep() {
        try {
            spool.sweep(Instant.now());
        } catch (IOException | RuntimeException e) {
            LOG.warn("uploads are not looked at: {}", e.toString());
        }
    }

    private void forget() {
        try {
            ledger.forget(Instant.now().minus(REMEMBERED));
        } catch (IOException | RuntimeException e) {
            LOG.warn("the Datastore keeps what is known of old uploads until later: {}", e.toString());
        }
    }

    UploadLedger ledger() {
        return ledger;
    }

    UploadSpool spool() {
        return spool;
    }

    @Deactivate
    void close() {
        sweeps.cancel(false);
        forgets.cancel(false);
        timer.shutdownNow();
        spool.close();
    }
}
