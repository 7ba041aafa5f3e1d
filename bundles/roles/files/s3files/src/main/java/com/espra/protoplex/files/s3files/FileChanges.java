package com.espra.protoplex.files.s3files;

import com.espra.protoplex.api.live.KeyListener;
import com.espra.protoplex.api.live.Live;
import com.espra.protoplex.api.offer.OfferProperties;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

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

    /** While it is there, what changes is told. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bind(Live live) {
        // Whether it tells anything is known when it does.
    }

    void unbind(Live live) {
        files.cache().hearsNothing();
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
