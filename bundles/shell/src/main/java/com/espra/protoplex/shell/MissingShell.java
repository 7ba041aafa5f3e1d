package com.espra.protoplex.shell;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.NodeHealth;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** That a node has no shell, said for as long as that is so: to the log once for each reason, to the fleet as the node's health. */
final class MissingShell implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MissingShell.class);

    private final BundleContext context;
    private final String place;
    private String reason = "";
    private @Nullable ServiceRegistration<NodeHealth> told;

    MissingShell(BundleContext context, ShellConfig config) {
        this.context = context;
        this.place = config.host() + ":" + config.port();
    }

    /** It could not be opened. */
    void because(Throwable problem) {
        String now = String.valueOf(problem.getMessage());
        if (now.equals(reason)) {
            return;
        }
        reason = now;
        LOG.error(
                "The shell cannot be opened on {}: {}. It is tried again; change 'shell' in node.json, or set it right",
                place,
                now,
                problem);
        close();
        NodeHealth.Health health =
                new NodeHealth.Health("DEGRADED", "it has no shell on " + place + ": " + now, "", Instant.EPOCH);
        told = context.registerService(
                NodeHealth.class, () -> health, FrameworkUtil.asDictionary(Map.of(Listener.NAME, OpenShell.NAME)));
    }

    @Override
    public void close() {
        try {
            if (told != null) {
                told.unregister();
                told = null;
            }
        } catch (IllegalStateException e) {
            LOG.debug("the bundle stops, and its services are gone", e);
        }
    }
}
