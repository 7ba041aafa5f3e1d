package com.espra.protoplex.files.vhostfiles;

import com.espra.protoplex.api.file.FileServing;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** Serves the files of hosts by their names. */
@Component(service = Handler.class, configurationPid = VhostFilesConfig.PID)
@Designate(ocd = VhostFilesConfig.class)
public final class VhostFilesHandler extends Handler.Abstract {

    private static final int LEAST_DAYS = 30;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable FileServing serving;

    private final RareWarning warning = new RareWarning();
    private final Sites sites;
    private final long maxAgeSeconds;

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException if something in the configuration makes no sense
     */
    @Activate
    public VhostFilesHandler(@Reference Sites sites, VhostFilesConfig config) {
        if (config.maxAgeDays() < LEAST_DAYS) {
            throw new IllegalArgumentException("maxAgeDays: use at least " + LEAST_DAYS);
        }
        this.sites = sites;
        maxAgeSeconds = TimeUnit.DAYS.toSeconds(config.maxAgeDays());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        new SiteAnswer(sites, serving, warning, maxAgeSeconds, request, response, callback).give();
        return true;
    }
}
