package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.live.core.Hubs;
import java.time.Clock;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hub as it is configured. */
@Component(service = MercureService.class, configurationPid = MercureConfig.PID)
@Designate(ocd = MercureConfig.class)
public final class MercureService {

    private static final Logger LOG = LoggerFactory.getLogger(MercureService.class);

    private final ScheduledThreadPoolExecutor timer;
    private final MercureHub mercure;

    /** @throws IllegalArgumentException if the configuration cannot be; says what of it */
    @Activate
    public MercureService(@Reference Hubs hubs, MercureConfig config) {
        MercureRules rules = MercureRules.of(config);
        if (!rules.tokens().hasKeys()) {
            LOG.info("Mercure has no key: nobody can publish before './protoplex secret set live publisherKey'");
        }
        timer = new ScheduledThreadPoolExecutor(1, run -> {
            Thread thread = new Thread(run, "mercure-ends");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        mercure = new MercureHub(rules, hubs.hub(config.hub()), Clock.systemUTC(), timer);
    }

    MercureHub mercure() {
        return mercure;
    }

    @Deactivate
    void close() {
        timer.shutdownNow();
        mercure.close();
    }
}
