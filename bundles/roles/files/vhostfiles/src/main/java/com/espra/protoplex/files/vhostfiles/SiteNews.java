package com.espra.protoplex.files.vhostfiles;

import com.espra.protoplex.api.live.KeyListener;
import com.espra.protoplex.api.live.Live;
import com.espra.protoplex.api.offer.OfferProperties;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Hears from Live which files of hosts came or changed, and which hosts. */
@Component(
        service = KeyListener.class,
        property = {
            OfferProperties.OFFER + ":Boolean=true",
            KeyListener.KEYS + "=" + SiteNews.FILES,
            KeyListener.KEYS + "=" + SiteNews.HOSTS
        })
public final class SiteNews implements KeyListener {

    /** Before the host and key of a file: {@code vhost:www.example.com/css/site.css}. */
    static final String FILES = "vhost:";

    /** Before the name of a host. */
    static final String HOSTS = "filehost:";

    /** The longest key of Live, in characters. */
    private static final int LONGEST = 1024;

    private final Sites sites;

    /** Of these. */
    @Activate
    public SiteNews(@Reference Sites sites) {
        this.sites = sites;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindLive(Live live) {
        // It tells itself that everything may have changed, as soon as it is heard.
    }

    /** Without Live nothing is told any more. */
    void unbindLive(Live live) {
        sites.hearsNothing();
    }

    /** Whether a change of this file can be told. */
    static boolean isTold(String name) {
        return FILES.length() + name.length() <= LONGEST;
    }

    @Override
    public void changed(Set<String> keys) {
        for (String key : keys) {
            if (key.startsWith(FILES)) {
                sites.fileChanged(key.substring(FILES.length()));
            } else if (key.startsWith(HOSTS)) {
                sites.hostsChanged();
            }
        }
    }

    @Override
    public void everythingMayHaveChanged() {
        sites.everythingMayHaveChanged();
    }
}
