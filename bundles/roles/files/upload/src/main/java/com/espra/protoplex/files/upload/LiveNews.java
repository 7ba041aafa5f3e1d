package com.espra.protoplex.files.upload;

import com.espra.protoplex.api.live.Live;
import com.espra.protoplex.api.live.LiveUpdate;
import com.espra.protoplex.files.upload.ledger.DatastoreLedger;
import com.espra.protoplex.files.upload.spool.UploadNews;
import com.espra.protoplex.files.upload.spool.UploadState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells uploaders how their uploads get on, and nodes that files came; where there is no Live this process alone is told. */
final class LiveNews implements UploadNews {

    private static final Logger LOG = LoggerFactory.getLogger(LiveNews.class);

    private static final long PATIENCE_MILLIS = 2000;
    /** The longest key of Live, in characters. */
    private static final int LONGEST = 1024;

    private final Supplier<@Nullable Live> live;
    private final Consumer<Set<String>> here;

    /** @param here told of changed keys in this process at once; does not fail */
    LiveNews(Supplier<@Nullable Live> live, Consumer<Set<String>> here) {
        this.live = live;
        this.here = here;
    }

    /** The key of Live by which it is told that a file of a host changed; by a hash if the name is too long for one. */
    static String fileKey(String host, String key) {
        String name = "vhost:" + host + "/" + key;
        return name.length() <= LONGEST ? name : "vhost:" + DatastoreLedger.fileName(host, key);
    }

    @Override
    public void progress(UploadState upload, long bytes) {
        CompletableFuture<Boolean> _ = publish(LiveUpdate.of(
                "upload:" + upload.id(), "{\"offset\": " + bytes + ", \"length\": " + upload.length() + "}"));
    }

    @Override
    public boolean done(UploadState upload) {
        String content = "file:" + upload.address();
        String file = fileKey(upload.target().host(), upload.target().key());
        here.accept(Set.of(content, file));
        List<CompletableFuture<Boolean>> taken = new ArrayList<>();
        taken.add(publish(LiveUpdate.changed(content)));
        taken.add(publish(LiveUpdate.changed(file)));
        CompletableFuture<Boolean> _ =
                publish(LiveUpdate.of("upload:" + upload.id(), "{\"address\": \"" + upload.address() + "\"}"));
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        boolean all = true;
        for (CompletableFuture<Boolean> each : taken) {
            all &= isTaken(each, end);
        }
        if (!all) {
            LOG.warn("Live has not taken that the upload {} is there: it is told again", upload.id());
        }
        return all;
    }

    private static boolean isTaken(CompletableFuture<Boolean> update, long end) {
        try {
            return update.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Live does not answer", e);
            return false;
        }
    }

    /** Whether Live takes it; true where there is none. */
    private CompletableFuture<Boolean> publish(LiveUpdate update) {
        Live known = live.get();
        if (known == null) {
            return CompletableFuture.completedFuture(true);
        }
        try {
            return known.publish(update)
                    .handle((_, failure) -> {
                        if (failure != null) {
                            LOG.warn("Live was not told of {}: {}", update.keys(), failure.toString());
                        }
                        return failure == null;
                    })
                    .toCompletableFuture();
        } catch (RuntimeException e) {
            LOG.warn("Live was not told of {}: {}", update.keys(), e.toString());
            return CompletableFuture.completedFuture(false);
        }
    }
}
