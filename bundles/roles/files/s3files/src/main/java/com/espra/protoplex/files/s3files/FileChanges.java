package com.espra.protoplex.files.s3files;

import com.espra.protoplex.api.live.KeyListener;
import com.espra.protoplex.api.offer.OfferProperties;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Hears from Live which files came, changed or went. */
@Component(property = {OfferProperties.OFFER + ":Boolean=true", KeyListener.KEYS + "=" + FileChanges.PREFIX})
public final class FileChanges implements KeyListener {

    /** What the keys of files begin with. */
    static final String PREFIX = "file:";

    private final CachedFiles files;

    /** Of this cache. */
    @Activate
    public FileChanges(@Reference CachedFiles files) {
        this.files = files;
    }

    @Override
    public void changed(Set<String> keys) {
        for (String key : keys) {
            files.cache().changed(key.substring(PREFIX.length()));
        }
    }

    @Override
    public void everythingMayHaveChanged() {
        files.cache().everythingMayHaveChanged();
    }
}
