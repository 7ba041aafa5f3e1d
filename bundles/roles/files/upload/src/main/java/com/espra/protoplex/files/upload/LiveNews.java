package com.espra.protoplex.files.upload;

import com.espra.protoplex.api.live.Live;
import com.espra.protoplex.api.live.LiveUpdate;
import com.espra.protoplex.files.upload.spool.UploadNews;
import com.espra.protoplex.files.upload.spool.UploadState;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells uploaders how their uploads get on, and nodes that files came; where there is no Live nobody is told. */
final class LiveNews implements UploadNews {

    private static final Logger LOG = LoggerFactory.getLogger(LiveNews.class);

    private final Supplier<@Nullable Live> live;

    LiveNews(Supplier<@Nullable Live> live) {
        this.live = live;
    }

    @Override
    public void progress(UploadState upload, long bytes) {
        publish(LiveUpdate.of(
                "upload:" + upload.id(), "{\"offset\": " + bytes + ", \"length\": " + upload.length() + "}"));
    }

    @Override
    public void done(UploadState upload, String address) {
        publish(LiveUpdate.changed("file:" + address));
        publish(LiveUpdate.changed("vhost:" + upload.host() + "/" + upload.key()));
        publish(LiveUpdate.of("upload:" + upload.id(), "{\"address\": \"" + address + "\"}"));
    }

    private void publish(LiveUpdate update) {
        Live known = live.get();
        if (known == null) {
            return;
        }
        try {
            known.publish(update).exceptionally(failure -> {
                LOG.warn("Live was not told of {}: {}", update.keys(), failure.toString());
                return "";
            });
        } catch (RuntimeException e) {
            LOG.warn("Live was not told of {}: {}", update.keys(), e.toString());
        }
    }
}
